import { IncomingMessage } from 'node:http'

/** How many header names are remembered, and how long they are at most. The names of callers are endless, those of usual ones are few. */
const NAMES_MAX = 1_000
const NAME_CHARS_MAX = 64

type AddHeader = (name: string, value: string, headers: Record<string, unknown>) => void

/** Node.js's rules for a header of a request: its name in lower case, and what becomes of a repeated one. Absent from its types. */
const { _addHeaderLine: addByRules } = IncomingMessage.prototype as unknown as {
  readonly _addHeaderLine: AddHeader
}

/** A name as it is received, and how it is in `headers`. */
interface KnownName {
  readonly name: string
  readonly lowerName: string
}

/**
 * Known names, one for each number that `placeOf` gives. They are not found by their text, since V8 makes a unique copy of each text
 * that is looked up, which takes longer than the rest.
 */
const knownNames = new Map<number, KnownName>()

/**
 * A request of the gateway, whose `headers` are those of Node.js at less than two thirds of the cost: a name that was received
 * before is not converted again. Everything but the first header of a name is left to the rules of Node.js.
 */
export class GatewayRequest extends IncomingMessage {
  /** @internal Called by Node.js for each header. */
  _addHeaderLine(name: string, value: string, headers: Record<string, unknown>): void {
    const known = knownNames.get(placeOf(name))
    if (known?.name === name && headers[known.lowerName] === undefined) {
      headers[known.lowerName] = value
      return
    }
    addByRules.call(this, name, value, headers)
    if (known === undefined) learn(name, headers)
  }
}

/** A number of 30 bits that tells usual names apart: the length, and the first, middle and last character. */
function placeOf(name: string): number {
  const { length } = name
  return (
    (length & 0xff) |
    ((name.charCodeAt(0) & 0x7f) << 8) |
    ((name.charCodeAt(length >> 1) & 0x7f) << 15) |
    ((name.charCodeAt(length - 1) & 0xff) << 22)
  )
}

/** Remembers a name whose first header Node.js adds as it is. */
function learn(name: string, headers: Readonly<Record<string, unknown>>): void {
  if (knownNames.size >= NAMES_MAX || name.length > NAME_CHARS_MAX) return
  const lowerName = name.toLowerCase()
  // `set-cookie` becomes a list, and `__proto__` nothing.
  if (!Object.hasOwn(headers, lowerName) || typeof headers[lowerName] !== 'string') return
  knownNames.set(placeOf(name), { name, lowerName })
}
