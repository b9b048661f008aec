/** The most characters of a route pattern. */
export const ROUTE_PATH_CHARS_MAX = 512

const PARAMETER = /^:[A-Za-z_][A-Za-z0-9_]{0,63}$/
// A colon at the start would be a parameter.
const STATIC = /^[A-Za-z0-9._~!$&'()+,;=@-][A-Za-z0-9._~!$&'()+,;=@:-]*$/

/**
 * Checks a route pattern: `/`, then segments of plain text (RFC 3986 section 3.3, without escapes), of `:name` for one
 * whole segment, or of `*` or `**` as the last segment. A colon after the first character of a segment is plain text.
 *
 * @returns a sentence that says what is wrong and how to correct it, or undefined when the pattern is valid
 */
export function routePathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return 'Start the path with "/".'
  if (path.length > ROUTE_PATH_CHARS_MAX)
    return `Shorten the path to at most ${ROUTE_PATH_CHARS_MAX} characters.`
  if (path === '/') return undefined
  const segments = path.slice(1).split('/')
  const names = new Set<string>()
  for (const [index, segment] of segments.entries()) {
    if (segment === '') return 'The path has an empty segment: remove the doubled or final "/".'
    if (segment === '.' || segment === '..') return 'The path has a "." or ".." segment: remove it.'
    if (segment === '*' || segment === '**') {
      if (index !== segments.length - 1) return `Use "${segment}" only as the last segment of the path.`
    } else if (segment.startsWith(':')) {
      if (!PARAMETER.test(segment))
        return `"${segment}" is not a valid parameter: use a whole segment such as ":id".`
      if (names.has(segment)) return `The parameter "${segment}" appears twice: rename one of them.`
      names.add(segment)
    } else if (!STATIC.test(segment)) {
      return `"${segment}" has a character that is not allowed: use letters, digits and ._~!$&'()+,;=@-, and ":" after the first character.`
    }
  }
  return undefined
}

/** The names of a pattern's parameters, in order; `*` for the rest after a wildcard. */
export function routePathParameters(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment.startsWith(':') || segment === '*' || segment === '**')
    .map((segment) => (segment.startsWith(':') ? segment.slice(1) : '*'))
}

/** The pattern without parameter names: two patterns match the same requests when their shapes are equal. */
export function routeShape(path: string): string {
  // Every path starts with a slash, so there is no prefix without one.
  if (path === '/**') return '/*'
  return path.replaceAll(/\/:[^/]*/g, '/:')
}
