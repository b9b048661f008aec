import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Connections on which something waits for responses. */
const WAITING = new WeakSet<Duplex>()

/** The response that a connection is sending. Node.js has no public property for it. */
function pendingResponse(connection: Duplex): ServerResponse | undefined {
  const { _httpMessage: pending } = connection as Duplex & { readonly _httpMessage?: ServerResponse | null }
  return pending ?? undefined
}

/** Whether a connection is still sending a response, or waits for it. */
export function hasPendingResponse(connection: Duplex): boolean {
  return pendingResponse(connection) !== undefined
}

/**
 * Calls back once every complete request on a connection has its response: at once if none is pending. Later calls for a
 * connection that waits already do nothing.
 *
 * Bytes that are not a request can follow a complete request. Its response must come first: the refusal of those bytes in
 * its place would say that a change was refused which is made.
 */
export function afterResponses(connection: Duplex, act: () => void): void {
  const pending = pendingResponse(connection)
  if (pending?.req.complete !== true) {
    act()
    return
  }
  if (WAITING.has(connection)) return
  WAITING.add(connection)
  pending.once('close', () => {
    WAITING.delete(connection)
    afterResponses(connection, act)
  })
}
