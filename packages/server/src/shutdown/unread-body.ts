import type { IncomingMessage } from 'node:http'

interface DiscardLimits {
  readonly bytes: number
  readonly waitMs: number
}

/**
 * How much of a body is read for its caller to get the response. Closing a connection with unread bytes resets it, and
 * the caller loses a response that it has not read yet (RFC 9112 section 9.6). Many clients read only when they have sent
 * everything.
 */
export const LINGER: DiscardLimits = { bytes: 16 * 1024 * 1024, waitMs: 5_000 }

/** Whether a request has a body (RFC 9112 section 6.3). */
export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request
  const length = headers['content-length']
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined
}

/**
 * Reads and discards the rest of a request's body.
 *
 * @param done called once at the end of the body, when the caller has left, or at the limits; then nothing is read on
 */
export function discard(request: IncomingMessage, { bytes, waitMs }: DiscardLimits, done: () => void): void {
  let read = 0
  const finish = (): void => {
    clearTimeout(timer)
    request.off('data', count)
    request.off('end', finish)
    request.off('close', finish)
    done()
  }
  const count = (chunk: Buffer): void => {
    read += chunk.length
    if (read > bytes) {
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
