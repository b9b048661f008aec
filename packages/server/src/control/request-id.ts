import type { IncomingMessage } from 'node:http'

/** The request ids that callers may choose: short, and safe in a header, a log line and a shell. */
const REQUEST_ID = /^[A-Za-z0-9._~+/=:-]{1,128}$/
const REQUEST_ID_BYTES = 12

/** The id of a request: the caller's own if it is valid, or else a new one. */
export function requestIdOf(
  request: Pick<IncomingMessage, 'headers'>,
  randomBytes: (count: number) => Uint8Array,
): string {
  const sent = request.headers['x-request-id']
  return typeof sent === 'string' && REQUEST_ID.test(sent) ? sent : newRequestId(randomBytes)
}

export function newRequestId(randomBytes: (count: number) => Uint8Array): string {
  return `req_${Buffer.from(randomBytes(REQUEST_ID_BYTES)).toString('hex')}`
}
