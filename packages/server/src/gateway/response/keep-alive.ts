import type { ServerResponse } from 'node:http'

/** How long an idle connection is kept, in ms: longer than the 60 s of most proxies, so that they close it first. */
export const KEEP_ALIVE_MS = 65_000

/** Where a response has the time that it names. Node.js has no public property for it. */
const NAMED_MS = '_keepAliveTimeout'

/**
 * Has a response say how long its connection is kept (`Keep-Alive: timeout=65`). Node.js says it of its own timeout only, which
 * is off.
 */
export function announceKeepAlive(response: ServerResponse): void {
  const naming: ServerResponse & { [NAMED_MS]?: number } = response
  naming[NAMED_MS] = KEEP_ALIVE_MS
}
