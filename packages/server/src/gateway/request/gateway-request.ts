import { IncomingMessage } from 'node:http'

/** How many header names are remembered, and how long they are at most. The names of callers are endless, those of usual ones are few. */
const NAMES_MAX = 1_000
const NAME_CHARS_MAX = 64

type AddHeader = (name: string, value: string, headers: Record<string, unknown>) => void

/** Node.js's rules for a header of a request: its name in lower case, and what becomes of a repeated one. Absent from its types. */
const { _addHeaderLine: addByRules } = IncomingMessage.prototype as unknown as {
  readonly _addHeaderLine: AddHeader
}

/** Names as they are received, and how they are in `headers`. */
const lowerNames = new Map<string, string>()

/**
 * A request of the gateway, whose `headers` are those of Node.js at two thirds of the cost: a name that was received before is not
 * converted again. Everything but the first header of a name is left to the rules of Node.js.
 */
export class GatewayRequest extends IncomingMessage {
  /** @internal Called by Node.js for each header. */
  _addHeaderLine(name: string, value: string, headers: Record<string, unknown>): void {
    const lowerName = lowerNames.get(name)
    if (lowerName !== undefined && headers[lowerName] === undefined) {
      headers[lowerName] = value
      return
    }
    addByRules.call(this, name, value, headers)
    if (lowerName === undefined) learn(name, headers)
  }
}

/** Remembers a name whose first header Node.js adds as it is. */
function learn(name: string, headers: Readonly<Record<string, unknown>>): void {
  if (lowerNames.size >= NAMES_MAX || name.length > NAME_CHARS_MAX) return
  const lowerName = name.toLowerCase()
  // `set-cookie` becomes a list, and `__proto__` nothing.
  if (Object.hasOwn(headers, lowerName) && typeof headers[lowerName] === 'string') lowerNames.set(name, lowerName)
}
