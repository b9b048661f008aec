/** The most characters of a route pattern. */
export const ROUTE_PATH_CHARS_MAX = 512

const PARAMETER = /^:[A-Za-z_][A-Za-z0-9_]{0,63}$/
const STATIC = /^[A-Za-z0-9._~!$&'()+,;=@-]+$/

/**
 * What is wrong with a route pattern, as a sentence, or undefined when it is fine. A pattern is `/` and segments:
 * plain text of RFC 3986 section 3.3 without escapes, `:name` for one whole segment, and `*` as the last one.
 */
export function routePathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return 'A path starts with "/".'
  if (path.length > ROUTE_PATH_CHARS_MAX) return `A path has at most ${ROUTE_PATH_CHARS_MAX} characters.`
  if (path === '/') return undefined
  const segments = path.slice(1).split('/')
  const names = new Set<string>()
  for (const [index, segment] of segments.entries()) {
    if (segment === '') return 'A path has no empty segment and does not end with "/".'
    if (segment === '.' || segment === '..') return 'A path has no "." or ".." segment.'
    if (segment === '*') {
      if (index !== segments.length - 1) return 'A "*" is the last segment of a path.'
    } else if (segment.startsWith(':')) {
      if (!PARAMETER.test(segment)) return `"${segment}" is not a parameter: a whole segment such as ":id".`
      if (names.has(segment)) return `The parameter "${segment}" is there twice.`
      names.add(segment)
    } else if (!STATIC.test(segment)) {
      return `"${segment}" has a character that is not allowed in a path segment.`
    }
  }
  return undefined
}

/** The parameters of a pattern, in order; `*` for a wildcard. */
export function routePathParameters(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment.startsWith(':') || segment === '*')
    .map((segment) => (segment === '*' ? '*' : segment.slice(1)))
}

/** Two patterns with the same shape match the same requests, whatever their parameters are called. */
export function routeShape(path: string): string {
  return path
    .split('/')
    .map((segment) => (segment.startsWith(':') ? ':' : segment))
    .join('/')
}
