import type { Duplex } from 'node:stream'

/**
 * Closes idle connections, except those on which something arrived while the thread was busy or paused: timers run before that is
 * read.
 *
 * @param bytesOf what was read of a connection when it was found idle; undefined if it may be idle by now
 */
export function closeSilent<Connection extends Duplex & { readonly bytesRead: number }>(
  idle: readonly Connection[],
  bytesOf: (connection: Connection) => number | undefined,
): void {
  if (idle.length === 0) return
  // Runs once what has arrived was read.
  setImmediate(() => {
    for (const connection of idle) if (connection.bytesRead === bytesOf(connection)) connection.destroy()
  })
}
