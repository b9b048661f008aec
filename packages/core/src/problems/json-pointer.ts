/** The JSON Pointer (RFC 6901 section 3) to the member at a path of names and array indexes. */
export function jsonPointer(...names: readonly (string | number)[]): string {
  return names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
