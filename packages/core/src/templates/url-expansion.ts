import {
  decodePercents,
  isEncodedTwice,
  mayHaveDotSegment,
  mayStartWithHost,
} from '../paths/path-confusion.ts'
import { valueName, type PathValues, type TemplatePart } from './template-part.ts'
import type { UrlTemplate } from './url-template.ts'

// The value of a path parameter: visible characters that do not end a segment. The value of `{*}`: those of a path.
const SEGMENT_VALUE = /^[!"$-.0->@-[\]-~]+$/
const REST_VALUE = /^[!"$->@-[\]-~]*$/
// Visible characters that RFC 3986 does not allow: URL parsers treat them differently.
const UNRESERVABLE = /["<>[\]^`{|}]/g
// Nearly all values consist of these characters, which pass every check unchanged.
const HARMLESS_VALUE = /^[A-Za-z0-9_~!$&'()*+,;=:@-]+$/
const ENCODED_DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i
// The reserved characters (RFC 3986 section 2.2) that `encodeURIComponent` does not encode.
const RESERVED_LEFT = /[!'()*]/g

/**
 * Fills in the path and query of a template for one request. In the path, a value keeps the caller's encoding, because a
 * reserved character and its escape can mean different things to an upstream (RFC 3986 section 2.2). In the query, and
 * for secrets anywhere, every character that is not unreserved is percent-encoded.
 *
 * @param values the path parameters, percent-encoded as in the request's path; `path` for the parameter of this name, or
 *   else the whole path without its first slash; `*` for what the wildcard matched, and `/*` for the same with the slash
 *   before it, where the wildcard may match without that slash
 * @param secrets the secrets in clear text
 * @returns the path and query, or undefined when no safe URL exists: a placeholder has no value; a value is empty, except
 *   for `{*}` and `{path}` in the path; a value has a character that ends a segment or the path; or values produce a path that an
 *   upstream could read differently: with a dot segment, a host at its start, repeated slashes, or a double encoding.
 *   Also undefined for a template with variables, which `bindUrlVariables` fills in first
 */
export function expandUrlTemplate(
  template: UrlTemplate,
  values: PathValues,
  secrets: PathValues,
): string | undefined {
  let path = expandParts(template.path, values, secrets, pathValue, secretInPath)
  if (path === '') path = '/'
  const query = expandParts(template.query, values, secrets, queryValue, encodeWhole)
  if (path === undefined || query === undefined || mayHaveDotSegment(path)) return undefined
  if (mayStartWithHost(path) && !startsWithTwoSlashes(template)) return undefined
  if (path.includes('//') && !ownPath(template).includes('//')) return undefined
  if (path.includes('%25') && !hasDoubleEncoding(template) && isEncodedTwice(decodeURIComponent(path))) {
    return undefined
  }
  return query === '' ? path : `${path}?${query}`
}

type PathPlaceholder = Extract<TemplatePart, { readonly kind: 'parameter' | 'rest' | 'path' }>

function expandParts(
  parts: readonly TemplatePart[],
  values: PathValues,
  secrets: PathValues,
  encodeValue: (placeholder: PathPlaceholder, value: string) => string | undefined,
  encodeSecret: (secret: string) => string | undefined,
): string | undefined {
  let text = ''
  for (const part of parts) {
    let piece: string | undefined
    if (part.kind === 'variable' || part.kind === 'run') return undefined
    if (part.kind === 'text') piece = part.text
    else if (part.kind === 'secret') {
      const secret = secrets.get(part.name)
      piece = secret === undefined ? undefined : encodeSecret(secret)
    } else {
      const value = values.get(valueName(part) ?? '')
      piece = value === undefined ? undefined : encodeValue(part, value)
    }
    if (piece === undefined) return undefined
    // `**` matched the path itself: the slash before `{*}` separates nothing.
    if (piece === '' && part.kind === 'rest' && values.get('/*') === '') text = text.slice(0, -1)
    text += piece
  }
  return text
}

function pathValue(placeholder: PathPlaceholder, value: string): string | undefined {
  if (HARMLESS_VALUE.test(value)) return value
  // "." and ".." are refused even when the template has text beside them.
  const isValid =
    placeholder.kind === 'parameter'
      ? SEGMENT_VALUE.test(value) && !ENCODED_DOT_SEGMENT.test(value)
      : REST_VALUE.test(value)
  return isValid ? value.replace(UNRESERVABLE, encodeURIComponent) : undefined
}

function secretInPath(secret: string): string | undefined {
  return secret === '.' || secret === '..' ? undefined : encodeWhole(secret)
}

function queryValue(_placeholder: PathPlaceholder, value: string): string | undefined {
  const text = decodePercents(value)
  return text === undefined ? undefined : encodeWhole(text)
}

/** Encodes all but the unreserved characters (RFC 3986 section 2.3); undefined for empty text and lone surrogates. */
export function encodeWhole(text: string): string | undefined {
  if (text === '' || !text.isWellFormed()) return undefined
  return encodeURIComponent(text).replace(
    RESERVED_LEFT,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Whether the template itself has a path that starts with `//`. */
function startsWithTwoSlashes({ path: [first] }: UrlTemplate): boolean {
  return first?.kind === 'text' && first.text.startsWith('//')
}

/** The template's own text, with a letter for each placeholder. */
function ownPath({ path }: UrlTemplate): string {
  return path.map((part) => (part.kind === 'text' ? part.text : 'x')).join('')
}

/** Whether the path can be encoded twice without a caller's doing: by the template's own text, or by a secret. */
function hasDoubleEncoding(template: UrlTemplate): boolean {
  if (template.path.some(({ kind }) => kind === 'secret')) return true
  return isEncodedTwice(decodePercents(ownPath(template)) ?? '')
}
