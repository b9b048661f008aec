/*
 * A pattern such as `*.example.com` stands for all hosts below a name: one or more labels in place of the `*`. Of those that
 * match a host, the longest one counts, and the host itself before any pattern.
 */

/**
 * Finds the key that counts for a host, by `find`.
 *
 * @param host a name in lower case without a final dot; or a pattern, which those with the same or a shorter end match
 * @returns what `find` returns for the first key for which it is not undefined
 */
export function mostSpecific<Value>(
  host: string,
  find: (key: string) => Value | undefined,
): Value | undefined {
  const own = find(host)
  if (own !== undefined) return own
  for (let dot = host.indexOf('.', 1); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    const value = find(`*${host.slice(dot)}`)
    if (value !== undefined) return value
  }
  return undefined
}

/** Whether a host is the one of a key, or one that its pattern stands for. */
export function matchesHost(key: string, host: string): boolean {
  return key === host || (key.startsWith('*') && host.length >= key.length && host.endsWith(key.slice(1)))
}
