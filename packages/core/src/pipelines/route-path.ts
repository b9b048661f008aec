import { routeSegments, segmentParameters, segmentShape, type RouteSegment } from './route-segments.ts'

/** The most characters of a route pattern. */
export const ROUTE_PATH_CHARS_MAX = 512
/** The most parameters of one segment. */
const SEGMENT_PARAMETERS_MAX = 4

const PARAMETER_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/
// The characters of RFC 3986 section 3.3 without escapes and "*".
const TEXT = /^[A-Za-z0-9._~!$&'()+,;=@:-]*$/

/**
 * Checks a route pattern: `/`, then segments of plain text (RFC 3986 section 3.3, without escapes), of `:name` or `{name}`
 * for one whole segment, of text with `{name}` in it, or of `*` or `**` as the last segment. A slash may end it, apart
 * from wildcards. A colon after the first character of a segment is plain text.
 *
 * @returns a sentence that says what is wrong and how to correct it, or undefined when the pattern is valid
 */
export function routePathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return 'Start the path with "/".'
  if (path.length > ROUTE_PATH_CHARS_MAX)
    return `Shorten the path to at most ${ROUTE_PATH_CHARS_MAX} characters.`
  const texts = path.slice(1).split('/')
  const segments = routeSegments(path)
  const names = new Set<string>()
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1
    const problem = segmentProblem(segment, texts[index] ?? '', isLast)
    if (problem !== undefined) return problem
    if (segment.kind === 'rest' || segment.kind === 'subtree') continue
    for (const name of segmentParameters(segment)) {
      if (names.has(name)) return `The parameter "${name}" appears twice: rename one of them.`
      names.add(name)
    }
  }
  return undefined
}

/** @param text the segment as written */
function segmentProblem(segment: RouteSegment, text: string, isLast: boolean): string | undefined {
  switch (segment.kind) {
    case 'text':
      if (text === '' && !isLast) return 'The path has an empty segment: remove the doubled "/".'
      if (text === '.' || text === '..') return 'The path has a "." or ".." segment: remove it.'
      return textProblem(text, text)
    case 'parameter':
      if (PARAMETER_NAME.test(segment.name)) return undefined
      return text.startsWith(':')
        ? `"${text}" is not a valid parameter: use a whole segment such as ":id", or "{id}" beside other text.`
        : parameterProblem(segment.name)
    case 'parts':
      return partsProblem(segment.names, segment.texts, text)
    case 'rest':
    case 'subtree':
      return isLast ? undefined : `Use "${text}" only as the last segment of the path.`
  }
}

function partsProblem(
  names: readonly string[],
  texts: readonly string[],
  segment: string,
): string | undefined {
  if (names.length > SEGMENT_PARAMETERS_MAX) {
    return `"${segment}" has more than ${SEGMENT_PARAMETERS_MAX} parameters: remove some.`
  }
  if (texts.slice(1, -1).includes(''))
    return `"${segment}" has two parameters side by side: put text between them.`
  const wrong = names.find((name) => !PARAMETER_NAME.test(name))
  if (wrong !== undefined) return parameterProblem(wrong)
  for (const text of texts) {
    const problem = textProblem(text, segment)
    if (problem !== undefined) return problem
  }
  return undefined
}

function textProblem(text: string, segment: string): string | undefined {
  if (TEXT.test(text)) return undefined
  return /[{}]/.test(text)
    ? `"${segment}" has a brace without its pair: write a parameter as "{id}".`
    : `"${segment}" has a character that is not allowed: use letters, digits and ._~!$&'()+,;=@-, and ":" after the first character.`
}

function parameterProblem(name: string): string {
  return `"{${name}}" is not a valid parameter: a name has at most 64 letters, digits and "_", and does not start with a digit.`
}

/** The names of a pattern's parameters, in order; `*` for the rest after a wildcard. */
export function routePathParameters(path: string): string[] {
  return routeSegments(path).flatMap(segmentParameters)
}

/** The pattern without parameter names: two patterns match the same requests when their shapes are equal. */
export function routeShape(path: string): string {
  // Every path starts with a slash, so there is no prefix without one.
  if (path === '/**') return '/*'
  return `/${routeSegments(path).map(segmentShape).join('/')}`
}
