import type { ServerResponse } from 'node:http'
import { discard, discardBody, hasBody, LINGER } from '../../connections/unread-body.ts'

/** An unread body up to this size is read and discarded, so that the connection can be reused. */
const REUSE_BYTES_MAX = 64 * 1024

/**
 * Sends a complete response to a request whose body may be unread. The rest of the body must not be parsed as the next
 * request and must not be read without bound. Closing at once with unread bytes would reset the connection and lose the
 * response (RFC 9112 section 9.6).
 *
 * @param headers alternating names and values, with the body's length
 * @param closesAtOnce ends the connection with the response, and does not read the rest of the body
 */
export function sendResponse(
  response: ServerResponse,
  status: number,
  headers: string[],
  body: Buffer | string | undefined,
  closesAtOnce = false,
): void {
  const request = response.req
  if (closesAtOnce) response.shouldKeepAlive = false
  if (closesAtOnce || request.complete || !hasBody(request)) {
    response.writeHead(status, headers)
    response.end(body)
    return
  }
  const length = Number(request.headers['content-length'] ?? Infinity)
  // A caller that expects "100 Continue" may or may not send the body, so its connection cannot be reused.
  if (length <= REUSE_BYTES_MAX && request.headers.expect === undefined) {
    response.writeHead(status, headers)
    response.end(body)
    discardBody(request)
    return
  }
  response.shouldKeepAlive = false
  response.writeHead(status, headers)
  // The caller receives the complete response now; only the end of the connection waits.
  response.flushHeaders()
  if (body !== undefined) response.write(body)
  discard(request, LINGER, () => {
    if (!response.destroyed) response.end()
  })
}
