/**
 * Headers that belong to one connection and never go through (RFC 9110 section 7.6.1), with those that older software
 * treats so. `Trailer` is not among them: it describes the message.
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

/** Whether a header, in lower case, says where a message ends or what its connection does. */
export function isFramingHeader(name: string): boolean {
  return HOP_BY_HOP.has(name) || name === 'content-length' || name === 'trailer'
}

/**
 * The headers that `Connection` names, in lower case, or null where it names none but the usual.
 *
 * @param connection the joined value of `Connection`
 */
export function connectionOptions(connection: string | undefined): ReadonlySet<string> | null {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return null
  return new Set(connection.split(',').map((option) => option.trim().toLowerCase()))
}
