/*
 * Path confusion: an upstream, or a proxy in front of it, can read a path differently than we do. Upstreams resolve dot
 * segments (RFC 3986 section 5.2.4), and some first decode slashes, decode twice, or apply Unicode normalization.
 */

// Besides the two slashes, the characters that "best fit" conversions turn into a slash, or that look like one, and that
// compatibility normalization (NFKC) leaves as they are.
const SEGMENT_END = String.raw`[/\\\u2044\u2215\u2216\u2571\u2572\u27cb\u27cd\u29f5\u29f8\u29f9]`
/** The characters that a server could read as the end of a segment, after normalization. */
export const SEGMENT_ENDS: RegExp = new RegExp(SEGMENT_END)
const TWO_ENDS = new RegExp(`^${SEGMENT_END}{2}`)
// Servlet containers remove ";…" from a segment before they resolve dot segments, Windows removes spaces after a name,
// and the ideographic full stop is a dot in host names (RFC 3490 section 3.1).
const DOT_SEGMENT = /^[.\u3002]{1,2}\s*(?:;|$)/
/** A path starts with "/", so a dot segment needs one of these. */
const MAYBE_DOT_SEGMENT = /\/\.|[%\\]/
/** Non-ASCII characters of a path are percent-encoded, so only these can be or become a second slash. */
const MAYBE_TWO_ENDS = /^\/[/\\%]/
const ASCII = /^[\x00-\x7f]*$/
/** Characters without a width, such as a byte order mark, which some programs remove. */
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu
const LOOK_ALIKE = new RegExp(String.raw`\.|${SEGMENT_END}`)
const NOT_ASCII = /[^\x00-\x7f]+/g
/** An escape, or the old form `%u002e` of Microsoft's servers. */
const ESCAPE = /%(?:[0-9a-f]{2}|u[0-9a-f]{4})/i

/**
 * Whether any decoder could find a segment `.` or `..` in a path. Decoders differ on invalid UTF-8, such as an overlong
 * "." or "/", so it counts as a dot segment.
 *
 * @param path starts with `/`, percent-encoded
 */
export function mayHaveDotSegment(path: string): boolean {
  if (!MAYBE_DOT_SEGMENT.test(path)) return false
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
  if (!MAYBE_TWO_ENDS.test(path)) return false
  return decodingsOf(path)?.some((decoded) => TWO_ENDS.test(decoded)) ?? true
}

/**
 * Whether a text that was decoded once still contains an escape, so that decoding it again changes it.
 *
 * @param decoded a path after one decoding
 */
export function isEncodedTwice(decoded: string): boolean {
  return ESCAPE.test(decoded) || (!ASCII.test(decoded) && ESCAPE.test(normalized(decoded)))
}

/**
 * Whether a decoded path has a character outside ASCII that looks like a dot or a slash, or that a conversion turns into
 * one, such as a full-width dot.
 */
export function hasLookAlike(decoded: string): boolean {
  return decoded.match(NOT_ASCII)?.some((text) => LOOK_ALIKE.test(normalized(text))) ?? false
}

// Combining characters, and those that become one by compatibility normalization.
const LONG_COMBINATION = /[\p{M}\uff9e\uff9f]{31,}/u

/**
 * Whether a text has more than 30 combining characters in a row, which no language needs (Unicode Standard Annex 15,
 * Stream-Safe Text Format). Normalizing them takes time that grows with the square of their number.
 */
export function hasLongCombination(decoded: string): boolean {
  return !ASCII.test(decoded) && LONG_COMBINATION.test(decoded)
}

/** A decoded path as a system reads it that applies NFKC and removes characters without a width. */
export function normalized(decoded: string): string {
  return ASCII.test(decoded) ? decoded : decoded.normalize('NFKC').replace(IGNORABLE, '')
}

/**
 * The path decoded once, as by a proxy, and twice, as by the upstream behind it; undefined when it is not percent-encoded
 * UTF-8.
 */
function decodingsOf(path: string): string[] | undefined {
  const once = decodePercents(path)
  if (once === undefined) return undefined
  // After the first decoding, a "%" does not have to start an escape.
  const twice = decodePercents(once) ?? once
  return [normalized(once), normalized(twice)]
}

/** Decodes percent-encoding; undefined when the text is not percent-encoded UTF-8. */
export function decodePercents(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
