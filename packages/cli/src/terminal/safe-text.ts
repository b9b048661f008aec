/*
 * What a server says may come from anyone. Characters that move the cursor, change colours or turn the direction of a text could make a
 * terminal show what is not so. C1 controls count too: a terminal takes U+009B for the beginning of a sequence.
 */

const UNSAFE = String.raw`\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069`
const UNSAFE_RUNS = new RegExp(`[${UNSAFE}]+`, 'gu')
const UNSAFE_IN_LINES = new RegExp(`(?![\\n\\t])[${UNSAFE}]`, 'u')
const UNSAFE_RUNS_IN_LINES = new RegExp(`(?:(?![\\n\\t])[${UNSAFE}])+`, 'gu')
const UNSAFE_EACH_IN_LINES = new RegExp(`(?![\\n\\t])[${UNSAFE}]`, 'gu')
const HEX = 16
const HEX_DIGITS = 4

/** The text as a single line that a terminal shows as it is. */
export function oneLine(text: string): string {
  return text.replaceAll(UNSAFE_RUNS, ' ')
}

/** The text with its line breaks and tabs, as a terminal shows it. */
export function safeLines(text: string): string {
  return text.replaceAll(UNSAFE_RUNS_IN_LINES, ' ')
}

/** Whether a text of one or several lines has characters that a terminal would act on. */
export function isUnsafe(text: string): boolean {
  return UNSAFE_IN_LINES.test(text)
}

/** Writes unsafe characters as the escapes that strings of JSON and quoted ones of YAML have in common. */
export function escapeUnsafe(text: string): string {
  return text.replaceAll(
    UNSAFE_EACH_IN_LINES,
    (character) => `\\u${character.charCodeAt(0).toString(HEX).padStart(HEX_DIGITS, '0')}`,
  )
}
