/** RFC 6749 section 3.3. */
const SCOPE = /^[!#-[\]-~]+$/

/**
 * The claim `scope` (RFC 8693 section 4.2) from a text with spaces or a list of texts, each scope once.
 *
 * @param value undefined or null for none
 * @returns `''` where there is none; null where the value is no scopes
 */
export function scopeClaim(value: unknown): string | null {
  if (value === undefined || value === null) return ''
  const scopes: readonly unknown[] | null =
    typeof value === 'string'
      ? value.split(' ').filter((scope) => scope !== '')
      : Array.isArray(value)
        ? value
        : null
  const isFine = scopes?.every((scope) => typeof scope === 'string' && SCOPE.test(scope)) === true
  return isFine ? [...new Set(scopes)].join(' ') : null
}
