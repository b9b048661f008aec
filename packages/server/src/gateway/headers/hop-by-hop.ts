import { HOP_BY_HOP } from '@sallyport/core'

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
