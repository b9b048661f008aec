// Servlet containers cut ";…" off a segment before they look at its dots.
const DOT_SEGMENT = /^\.\.?(?:;|$)/
// What ends a segment for somebody: beside the two slashes those that "best fit" conversions turn into one, where
// compatibility normalization (NFKC) has not done so already.
const SEGMENT_ENDS = /[/\\\u2044\u2215\u2216\u29f5\u29f8]/
const ASCII = /^[\x00-\x7f]*$/
/** How often a path is decoded to look for dot segments: by an upstream, and by a proxy in front of it. */
const DECODINGS_MAX = 2

/**
 * Whether a path has a segment `.` or `..` for anybody: upstreams resolve these (RFC 3986 section 5.2.4), however they
 * came about, and some decode a slash first, decode twice, or normalize what they have decoded. What is no
 * percent-encoded UTF-8, such as an overlong "." or "/", counts as one: decoders differ in what they make of it.
 *
 * @param path starts with `/`, percent-encoded
 */
export function hasDotSegment(path: string): boolean {
  // The path starts with "/", so without these nothing in it can be one.
  if (!path.includes('/.') && !path.includes('%') && !path.includes('\\')) return false
  let text: string | undefined = path
  for (let decodings = 0; decodings < DECODINGS_MAX; decodings += 1) {
    text = decodedPercents(text)
    // A "%" that was escaped itself need not begin an escape.
    if (text === undefined) return decodings === 0
    const seen = ASCII.test(text) ? text : text.normalize('NFKC')
    if (seen.split(SEGMENT_ENDS).some((segment) => DOT_SEGMENT.test(segment))) return true
    if (!text.includes('%')) return false
  }
  return false
}

/** Undefined for what is no percent-encoded UTF-8. */
export function decodedPercents(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
