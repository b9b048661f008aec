import type { ServerResponse } from 'node:http'

/** How long an idle connection is kept, in ms: longer than the 60 s of most proxies, so that they close it first. */
export const KEEP_ALIVE_MS = 65_000

/**
 * Has a response say how long its connection is kept (`Keep-Alive: timeout=65`). Node.js says it of its own timeout, which is off,
 * and has no public property for a single response.
 */
export function announceKeepAlive(response: ServerResponse): void {
  const announcing: ServerResponse & { _keepAliveTimeout?: number } = response
  announcing._keepAliveTimeout = KEEP_ALIVE_MS
}
