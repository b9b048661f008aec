/**
 * Whether a segment consists of these texts, in this order, with at least one character between any two.
 *
 * Each text is searched from the left. That finds a match if there is one, because what lies between can be anything, and
 * takes time that grows with the length of the segment only.
 *
 * @param texts at least two, without "%"
 * @param segment in which every "%" starts an escape, which is one character
 */
export function matchesTexts(texts: readonly string[], segment: string): boolean {
  const first = texts[0] ?? ''
  const last = texts.at(-1) ?? ''
  const lastIndex = segment.length - last.length
  if (!segment.startsWith(first) || !segment.endsWith(last) || isWithinEscape(segment, lastIndex))
    return false
  let index = first.length
  for (let middle = 1; middle < texts.length - 1; middle += 1) {
    const text = texts[middle] ?? ''
    const found = indexOfText(segment, text, index + 1)
    if (found < 0) return false
    index = found + text.length
  }
  return lastIndex > index
}

function indexOfText(segment: string, text: string, from: number): number {
  let index = segment.indexOf(text, from)
  while (index >= 0 && isWithinEscape(segment, index)) index = segment.indexOf(text, index + 1)
  return index
}

function isWithinEscape(segment: string, index: number): boolean {
  return segment[index - 1] === '%' || segment[index - 2] === '%'
}

/** The characters of a segment, percent-encoded: an escape counts as one. */
const UNIT = '(?:%[0-9A-Fa-f]{2}|[^%/])'
/**
 * A regular expression whose groups are the values of the parameters between texts, in a percent-encoded segment that
 * `matchesTexts` once it is decoded.
 */
export function valuesBetween(texts: readonly string[]): RegExp {
  return new RegExp(`^${texts.map(encodedText).join(`(${UNIT}+?)`)}$`)
}

function encodedText(text: string): string {
  return Array.from(text, encodedCharacter).join('')
}

/** A path may have the characters `!'()` of a route encoded: they count as themselves all the same. */
function encodedCharacter(character: string): string {
  const itself = RegExp.escape(character)
  return "!'()".includes(character) ? `(?:${itself}|%${character.charCodeAt(0).toString(16)})` : itself
}
