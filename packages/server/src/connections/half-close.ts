import type { Duplex } from 'node:stream'

/** How long a peer may take to close its side after the last response on its connection, in ms. */
const REFUSED_MS_MAX = 2_000

const HALF_CLOSED = new WeakSet<Duplex>()

/** Whether the connection has sent its last response. What its peer still sends means nothing, valid HTTP or not. */
export function isHalfClosed(connection: Duplex): boolean {
  return HALF_CLOSED.has(connection)
}

/**
 * Closes the sending side, and the connection once the peer has closed its own. Closing both at once may reset the
 * connection, and then the peer loses what it has not read (RFC 9112 section 9.6).
 *
 * @param waitMsMax after this time the connection is closed whatever the peer does
 * @param last the last bytes to send
 */
export function halfClose(connection: Duplex, waitMsMax: number, last: string | Uint8Array = ''): void {
  HALF_CLOSED.add(connection)
  connection.end(last)
  const timer = setTimeout(() => connection.destroy(), waitMsMax)
  connection.once('close', () => clearTimeout(timer))
}

/** Sends the last response on a connection, to a request that is refused. Whatever the peer still sends is discarded. */
export function endRefused(connection: Duplex, response: string | Uint8Array): void {
  halfClose(connection, REFUSED_MS_MAX, response)
  // The end of the peer's side is noticed only on a connection that is read.
  connection.resume()
}
