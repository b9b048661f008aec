import {
  decodePercents,
  hasLongCombination,
  hasLookAlike,
  isEncodedTwice,
  mayHaveDotSegment,
} from './path-confusion.ts'

/*
 * The one path of a request: routing, the verdict, the upstream and `/authz` all use its canonical form. A path that a
 * server behind the gateway could read as another path is refused.
 */

/**
 * - `plain`: every server reads the path alike;
 * - `variant`: a lenient server could read it as another path, see `looseSegments`;
 * - `encoded-slash`: as `variant`, and it has an encoded slash, which only some triggers allow.
 */
export type PathForm = 'plain' | 'variant' | 'encoded-slash'

/** A path in canonical form, or a sentence that says why it is refused. */
export type RequestPath =
  | { readonly path: string; readonly form: PathForm }
  | { readonly path: undefined; readonly problem: string }

// Lower-case segments of the unescaped characters of a path (RFC 3986 section 3.3) without ";", none of them empty,
// starting or ending with a dot: one linear scan.
const PLAIN = /^(?:\/[a-z0-9_~!$&'()*+,=:@-]+(?:\.+[a-z0-9_~!$&'()*+,=:@-]+)*)+$/
/** Visible ASCII without "#" and "?", which end a path (RFC 9110 section 7.1). */
const VISIBLE = /^[!"$->@-~]*$/
const CONTROL = /\p{Cc}/u
const ENCODED_SLASH = /%2f/i
/** The escapes of unreserved characters, which mean the same as the characters (RFC 3986 section 2.3). */
const UNRESERVED_ESCAPE = /%(?:2d|2e|5f|7e|3[0-9]|[46][1-9a-f]|[57][0-9a])/gi

/** Whether a path is already canonical and every server reads it alike, as most paths are. */
export function isPlainPath(path: string): boolean {
  return path === '/' || PLAIN.test(path)
}

/**
 * Reads a path as received. The canonical form has no escapes of unreserved characters (RFC 3986 section 6.2.2.2).
 * Refused are repeated slashes, backslashes, control characters, dot segments, broken and double percent-encoding, and
 * characters that look like a dot or a slash. The caller decides about encoded slashes, by `form`.
 *
 * @param path starts with `/`, without a query
 */
export function readRequestPath(path: string): RequestPath {
  if (isPlainPath(path)) return { path, form: 'plain' }
  const problem = pathProblem(path)
  if (problem !== undefined) return { path: undefined, problem }
  return {
    path: path.replace(UNRESERVED_ESCAPE, decodeURIComponent),
    form: ENCODED_SLASH.test(path) ? 'encoded-slash' : 'variant',
  }
}

function pathProblem(path: string): string | undefined {
  if (!VISIBLE.test(path)) return 'The path has a character that must be percent-encoded.'
  if (path.includes('//')) return 'The path contains two slashes in a row. Send one.'
  const problem = encodingProblem(path)
  if (problem !== undefined) return problem
  if (mayHaveDotSegment(path)) return 'The path contains a "." or ".." segment. Send the resolved path.'
  return undefined
}

function encodingProblem(path: string): string | undefined {
  const decoded = decodePercents(path)
  if (decoded === undefined) {
    return 'The path has invalid percent-encoding. Encode a literal "%" as "%25".'
  }
  if (decoded.includes('\\')) return 'The path contains a backslash. Use "/" between segments.'
  if (CONTROL.test(decoded)) return 'The path contains a control character. Remove it.'
  if (hasLongCombination(decoded)) {
    return 'The path has more than 30 combining characters in a row. Remove some.'
  }
  // Servers that decode a path twice, or normalize it, would use another path than the one that was authorized.
  if (isEncodedTwice(decoded)) return 'The path is percent-encoded twice. Encode each character once.'
  if (hasLookAlike(decoded)) {
    return 'The path contains a character that looks like a dot or a slash. Remove it, or send it in the query.'
  }
  return undefined
}

/** Why a path with an encoded slash is refused, unless the trigger allows it. */
export const ENCODED_SLASH_PROBLEM =
  'The path contains an encoded slash. Send the value in the query, or ask the owner of the pipeline to set encodedSlashes: allow.'

/** Why a path is refused that a lenient server reads as the path of another route. */
export const OTHER_ROUTE_PROBLEM =
  'The path differs from the path of another route only in upper case, in escapes, or in characters that some servers ignore, such as ";" or a final "/". Send the exact path.'

/** Why a path is refused whose route cannot be found in a bounded time. */
export const AMBIGUOUS_ROUTES_PROBLEM =
  'Too many routes match the beginning of the path. Ask their owner to start the routes with different fixed segments.'
