import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { endRefused } from './half-close.ts'

export interface DiscardLimits {
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

/** Connections with a request whose body is discarded. */
const DISCARDING = new WeakSet<Duplex>()

/**
 * Handles bytes of a discarded body that are not valid HTTP. The request has its response already, so there is no other
 * one: the connection closes once its peer has read that.
 *
 * @returns false if no body is discarded on the connection
 */
export function closeIfDiscarding(connection: Duplex): boolean {
  if (!DISCARDING.has(connection)) return false
  endRefused(connection, '')
  return true
}

/**
 * Reads and discards the rest of a request's body.
 *
 * @param done called once at the end of the body, when the caller has left, or at the limits; then nothing is read on
 */
export function discard(request: IncomingMessage, { bytes, waitMs }: DiscardLimits, done: () => void): void {
  const { socket } = request
  let read = 0
  const finish = (): void => {
    clearTimeout(timer)
    DISCARDING.delete(socket)
    request.off('data', count)
    request.off('end', finish)
    request.off('close', finish)
    socket.off('close', finish)
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
  DISCARDING.add(socket)
  request.on('data', count)
  request.once('end', finish)
  request.once('close', finish)
  // After its response, a request hears nothing of the end of its connection.
  socket.once('close', finish)
  request.resume()
}

/** Discards the rest of a request's body after its response. Closes the connection when that is too much or too slow. */
export function discardBody(request: IncomingMessage, limits: DiscardLimits = LINGER): void {
  if (request.complete) {
    request.resume()
    return
  }
  discard(request, limits, () => {
    if (!request.readableEnded && !request.destroyed) request.socket.destroySoon()
  })
}
