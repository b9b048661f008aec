/*
 * Path confusion: an upstream, or a proxy in front of it, can read a path differently than we do. Upstreams resolve dot
 * segments (RFC 3986 section 5.2.4), and some first decode slashes, decode twice, or apply Unicode normalization.
 */

/** How often a path can be decoded: once by a proxy and once by the upstream. */
const DECODINGS_MAX = 2
// Besides the two slashes, the characters that "best fit" conversions turn into a slash and that compatibility
// normalization (NFKC) does not.
const SEGMENT_END = String.raw`[/\\\u2044\u2215\u2216\u29f5\u29f8]`
const SEGMENT_ENDS = new RegExp(SEGMENT_END)
const TWO_ENDS = new RegExp(`^${SEGMENT_END}{2}`)
// Servlet containers remove ";…" from a segment before they resolve dot segments.
const DOT_SEGMENT = /^\.\.?(?:;|$)/
const ASCII = /^[\x00-\x7f]*$/

/**
 * Whether any decoder could find a segment `.` or `..` in a path. Decoders differ on invalid UTF-8, such as an overlong
 * "." or "/", so it counts as a dot segment.
 *
 * @param path starts with `/`, percent-encoded
 */
export function mayHaveDotSegment(path: string): boolean {
  // The path starts with "/", so a dot segment needs one of these.
  if (!path.includes('/.') && !path.includes('%') && !path.includes('\\')) return false
  const decodings = decodingsOf(path)
  return decodings === undefined || decodings.some(hasDotSegment)
}

function hasDotSegment(decoded: string): boolean {
  return decoded.split(SEGMENT_ENDS).some((segment) => DOT_SEGMENT.test(segment))
}

/**
 * Whether any decoder could find `//` at the start of a path, and take the text after it for a host (RFC 3986 section
 * 4.2).
 *
 * @param path starts with `/`, percent-encoded
 */
export function mayStartWithHost(path: string): boolean {
  // Non-ASCII characters are percent-encoded here, so only these can become a second slash.
  const second = path[1]
  if (second !== '/' && second !== '\\' && second !== '%') return false
  return decodingsOf(path)?.some((decoded) => TWO_ENDS.test(decoded)) ?? true
}

/** The path decoded once, and a second time if that changes it; undefined when it is not percent-encoded UTF-8. */
function decodingsOf(path: string): string[] | undefined {
  const decodings: string[] = []
  let text = path
  while (decodings.length < DECODINGS_MAX) {
    const decoded = decodePercents(text)
    // After the first decoding, a "%" does not have to start an escape.
    if (decoded === undefined) return decodings.length === 0 ? undefined : decodings
    decodings.push(ASCII.test(decoded) ? decoded : decoded.normalize('NFKC'))
    if (!decoded.includes('%')) break
    text = decoded
  }
  return decodings
}

/** Decodes percent-encoding; undefined when the text is not percent-encoded UTF-8. */
export function decodePercents(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
