/*
 * How a path can be read by those behind us. Upstreams resolve dot segments (RFC 3986 section 5.2.4), however they came
 * about; some decode a slash first, decode twice, or normalize what they have decoded.
 */

/** How often a path is decoded: by an upstream, and by a proxy in front of it. */
const DECODINGS_MAX = 2
// What ends a segment for somebody: beside the two slashes those that "best fit" conversions turn into one, where
// compatibility normalization (NFKC) has not done so already.
const SEGMENT_END = String.raw`[/\\\u2044\u2215\u2216\u29f5\u29f8]`
const SEGMENT_ENDS = new RegExp(SEGMENT_END)
const TWO_ENDS = new RegExp(`^${SEGMENT_END}{2}`)
// Servlet containers cut ";…" off a segment before they look at its dots.
const DOT_SEGMENT = /^\.\.?(?:;|$)/
const ASCII = /^[\x00-\x7f]*$/

/**
 * Whether a path has a segment `.` or `..` for anybody. What is no percent-encoded UTF-8, such as an overlong "." or
 * "/", counts as one: decoders differ in what they make of it.
 *
 * @param path starts with `/`, percent-encoded
 */
export function hasDotSegment(path: string): boolean {
  // The path starts with "/", so without these nothing in it can be one.
  if (!path.includes('/.') && !path.includes('%') && !path.includes('\\')) return false
  const readings = readingsOf(path)
  return readings === undefined || readings.some(readsDotSegment)
}

function readsDotSegment(reading: string): boolean {
  return reading.split(SEGMENT_ENDS).some((segment) => DOT_SEGMENT.test(segment))
}

/**
 * Whether a path begins with `//` for anybody, who may then take what follows for a host (RFC 3986 section 4.2).
 *
 * @param path starts with `/`, percent-encoded
 */
export function seemsToNameHost(path: string): boolean {
  // Nothing else can become a second slash: what is not ASCII comes percent-encoded.
  const second = path[1]
  if (second !== '/' && second !== '\\' && second !== '%') return false
  return readingsOf(path)?.some((reading) => TWO_ENDS.test(reading)) ?? true
}

/** The path decoded once, and again where that changes it; undefined for what is no percent-encoded UTF-8. */
function readingsOf(path: string): string[] | undefined {
  const readings: string[] = []
  let text = path
  while (readings.length < DECODINGS_MAX) {
    const decoded = decodedPercents(text)
    // A "%" that was escaped itself need not begin an escape.
    if (decoded === undefined) return readings.length === 0 ? undefined : readings
    readings.push(ASCII.test(decoded) ? decoded : decoded.normalize('NFKC'))
    if (!decoded.includes('%')) break
    text = decoded
  }
  return readings
}

/** Undefined for what is no percent-encoded UTF-8. */
export function decodedPercents(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
