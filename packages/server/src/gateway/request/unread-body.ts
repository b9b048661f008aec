import type { IncomingMessage, ServerResponse } from 'node:http'

/** A body up to this size that nobody wants is read and thrown away, so that the connection can be used again. */
const DISCARD_BYTES_MAX = 64 * 1024
/** How long a caller has for sending that rest. */
const DISCARD_MS = 5_000
/** How much of a larger body is read after the answer, so that the caller gets to read it before the end. */
const LINGER_BYTES_MAX = 1024 * 1024
/** How long a connection lingers so. */
const LINGER_MS = 2_000

/** Whether a request comes with a body (RFC 9112 section 6.3). */
export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request
  const length = headers['content-length']
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined
}

/**
 * Sends a whole answer to a request whose body may not have been read. What is left of a body must neither be taken
 * for the next request nor be read without bound; and to close at once, with bytes unread, would reset the connection
 * and take the answer away from the caller (RFC 9112 section 9.6).
 *
 * @param headers names and values in turn, with the body's length
 */
export function endEarly(
  response: ServerResponse,
  status: number,
  headers: string[],
  body: Buffer | string | undefined,
): void {
  const request = response.req
  if (request.complete || !hasBody(request)) {
    response.writeHead(status, headers)
    response.end(body)
    return
  }
  const length = Number(request.headers['content-length'] ?? Infinity)
  // A caller that awaits "100 Continue" may send the body or not: that connection cannot be used again.
  if (length <= DISCARD_BYTES_MAX && request.headers.expect === undefined) {
    response.writeHead(status, headers)
    response.end(body)
    discardRest(request)
    return
  }
  response.shouldKeepAlive = false
  response.writeHead(status, headers)
  // The answer is whole for the caller now; only the end of the connection waits.
  response.flushHeaders()
  if (body !== undefined) response.write(body)
  discard(request, LINGER_BYTES_MAX, LINGER_MS, () => {
    if (!response.destroyed) response.end()
  })
}

/** Reads what is left of a request's body after its answer, and closes the connection if that is too much or too slow. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete) {
    request.resume()
    return
  }
  discard(request, DISCARD_BYTES_MAX, DISCARD_MS, () => {
    if (!request.complete) request.socket.destroySoon()
  })
}

function discard(request: IncomingMessage, bytesMax: number, waitMs: number, done: () => void): void {
  let bytes = 0
  const finish = (): void => {
    clearTimeout(timer)
    request.off('data', count)
    request.off('end', finish)
    request.off('close', finish)
    done()
  }
  const count = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes > bytesMax) {
      request.pause()
      finish()
    }
  }
  const timer = setTimeout(finish, waitMs)
  request.on('data', count)
  request.once('end', finish)
  request.once('close', finish)
  request.resume()
}
