import { decodePercents, normalized, SEGMENT_ENDS } from './path-confusion.ts'

const PATH_END = /[?#]/
/** The ideographic full stop is a dot to some (RFC 3490 section 3.1). */
const IGNORED_AT_END: ReadonlySet<string> = new Set(['.', '\u3002', ' '])

/**
 * The segments of a path as the most lenient servers read it. Between them they decode everything, ignore upper case,
 * empty segments, `;…` after a segment (servlet containers), and dots and spaces after a name (Windows), and end the
 * path at a decoded "?" or "#".
 *
 * @param path percent-encoded; a route pattern works too, apart from its parameters
 */
export function looseSegments(path: string): string[] {
  const text = caseless(normalized(decodePercents(path) ?? path))
  const end = text.search(PATH_END)
  return (end < 0 ? text : text.slice(0, end))
    .split(SEGMENT_ENDS)
    .map(looseSegment)
    .filter((segment) => segment !== '')
}

/**
 * The text without upper case, however a server compares: by upper case, `ı` is `i` and `ß` is `ss`, and by the lower case of
 * each character, `İ` is `i`.
 */
function caseless(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('i\u0307', 'i')
}

function looseSegment(segment: string): string {
  const parameters = segment.indexOf(';')
  let end = parameters < 0 ? segment.length : parameters
  while (end > 0 && IGNORED_AT_END.has(segment[end - 1] ?? '')) end -= 1
  return segment.slice(0, end)
}
