/** A JSON Pointer (RFC 6901 section 3) to a member that is so many names deep. */
export function jsonPointer(...names: readonly (string | number)[]): string {
  return names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
