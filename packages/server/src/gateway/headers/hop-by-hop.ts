/**
 * Headers of a single connection, which are never forwarded (RFC 9110 section 7.6.1), including those of older software.
 * `Trailer` is not one of them: it describes the message.
 */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** Whether a header, in lower case, controls the message's framing or its connection. */
export function isFramingHeader(name: string): boolean {
  return HOP_BY_HOP.has(name) || name === 'content-length' || name === 'trailer'
}

/**
 * The headers that `Connection` names, in lower case; null if it has only the usual options.
 *
 * @param connection the joined value of `Connection`
 */
export function connectionOptions(connection: string | undefined): ReadonlySet<string> | null {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return null
  return new Set(connection.split(',').map((option) => option.trim().toLowerCase()))
}
