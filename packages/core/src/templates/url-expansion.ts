import { decodedPercents, hasDotSegment, seemsToNameHost } from './path-readings.ts'
import type { PathValues, UrlTemplate, UrlTemplatePart } from './url-template.ts'

// What a value in the path is made of: anything visible that does not end a segment, or for the rest, a path.
const SEGMENT_VALUE = /^[!"$-.0->@-[\]-~]+$/
const REST_VALUE = /^[!"$->@-[\]-~]*$/
// Visible, but not of RFC 3986: URL parsers differ in what they make of these.
const UNRESERVABLE = /["<>[\]^`{|}]/g
// What nearly all values are made of: it passes every check as it is.
const HARMLESS_VALUE = /^[A-Za-z0-9_~!$&'()*+,;=:@-]+$/
const ENCODED_DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i
// The characters that `encodeURIComponent` leaves although they are reserved (RFC 3986 section 2.2).
const RESERVED_LEFT = /[!'()*]/g

/**
 * The path and query for one request. What fills a place in the path stands there as the caller wrote it, since a
 * reserved character and its escape are not the same to every upstream (RFC 3986 section 2.2); what fills a place in
 * the query, and a secret anywhere, is encoded whole.
 *
 * @param values the path parameters as they stood in the request's path, percent-encoded; `*` for the rest behind a
 *   wildcard
 * @param secrets by name, as they are
 * @returns undefined when it cannot be made safely: a value is missing, is empty where it is a whole place, has a
 *   character that ends a segment or a path, would make a segment `.` or `..` for anybody who decodes or normalizes it,
 *   or would make the path begin with `//` for them, which some take for a host
 */
export function expandUrlTemplate(
  template: UrlTemplate,
  values: PathValues,
  secrets: PathValues,
): string | undefined {
  const path = expandParts(template.path, values, secrets, inPath, secretInPath)
  const query = expandParts(template.query, values, secrets, inQuery, encodedWhole)
  if (path === undefined || query === undefined || hasDotSegment(path)) return undefined
  if (seemsToNameHost(path) && !beginsWithTwo(template)) return undefined
  return query === '' ? path : `${path}?${query}`
}

type ValuePlace = Extract<UrlTemplatePart, { readonly kind: 'parameter' | 'rest' }>

function expandParts(
  parts: readonly UrlTemplatePart[],
  values: PathValues,
  secrets: PathValues,
  fill: (place: ValuePlace, value: string) => string | undefined,
  fillSecret: (secret: string) => string | undefined,
): string | undefined {
  let text = ''
  for (const part of parts) {
    let piece: string | undefined
    if (part.kind === 'text') piece = part.text
    else if (part.kind === 'secret') {
      const secret = secrets.get(part.name)
      piece = secret === undefined ? undefined : fillSecret(secret)
    } else {
      const value = values.get(part.kind === 'rest' ? '*' : part.name)
      piece = value === undefined ? undefined : fill(part, value)
    }
    if (piece === undefined) return undefined
    text += piece
  }
  return text
}

function inPath(place: ValuePlace, value: string): string | undefined {
  if (HARMLESS_VALUE.test(value)) return value
  // "." and ".." are refused even where text stands around them.
  const isFine =
    place.kind === 'rest'
      ? REST_VALUE.test(value)
      : SEGMENT_VALUE.test(value) && !ENCODED_DOT_SEGMENT.test(value)
  return isFine ? value.replace(UNRESERVABLE, encodeURIComponent) : undefined
}

function secretInPath(secret: string): string | undefined {
  return secret === '.' || secret === '..' ? undefined : encodedWhole(secret)
}

function inQuery(_place: ValuePlace, value: string): string | undefined {
  const text = decodedPercents(value)
  return text === undefined ? undefined : encodedWhole(text)
}

/** Nothing but unreserved characters and escapes (RFC 3986 section 2.3); undefined for what is empty or no text. */
function encodedWhole(text: string): string | undefined {
  if (text === '' || !text.isWellFormed()) return undefined
  return encodeURIComponent(text).replace(
    RESERVED_LEFT,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Whether the author wrote a path that begins with `//`. */
function beginsWithTwo({ path: [first] }: UrlTemplate): boolean {
  return first?.kind === 'text' && first.text.startsWith('//')
}
