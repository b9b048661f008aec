import { subscribe } from 'node:diagnostics_channel'

/** The parts of undici's parser of responses that this file uses. */
interface ResponseParser {
  readonly client: { readonly stats: { readonly running: number } }
  statusCode: number
  headers: unknown[]
  onHeadersComplete(status: number, upgrade: boolean, shouldKeepAlive: boolean): number
}

const CONTINUE = 100
/** The parser's word for a message without a body. */
const NO_BODY = 1

const chosen = new WeakSet<object>()

/**
 * Has undici ignore "100 Continue" on a connection, as a client must be able to (RFC 9110 section 15.2). undici ends the
 * connection instead, because it never asks for it. Some servers send it all the same.
 *
 * @param socket a connection that undici does not use yet
 */
export function ignoreContinue(socket: object): void {
  chosen.add(socket)
}

// undici says so once its parser is there, and before it reads anything.
subscribe('undici:client:connected', (message) => {
  const { socket } = message as { readonly socket: object }
  const parser = chosen.has(socket) ? parserOf(socket) : undefined
  if (parser !== undefined) wrap(parser)
})

/** Undefined for a version of undici that keeps it elsewhere: then the connection works, but for "100 Continue". */
function parserOf(socket: object): ResponseParser | undefined {
  for (const symbol of Object.getOwnPropertySymbols(socket)) {
    const value = (socket as Readonly<Record<symbol, unknown>>)[symbol]
    if (isParser(value)) return value
  }
  return undefined
}

function isParser(value: unknown): value is ResponseParser {
  return typeof value === 'object' && value !== null && 'onHeadersComplete' in value
}

function wrap(parser: ResponseParser): void {
  const complete = parser.onHeadersComplete.bind(parser)
  parser.onHeadersComplete = (status, upgrade, shouldKeepAlive) => {
    // Without a request, it is no response either.
    if (status !== CONTINUE || parser.client.stats.running === 0) {
      return complete(status, upgrade, shouldKeepAlive)
    }
    parser.statusCode = status
    parser.headers = []
    return NO_BODY
  }
}
