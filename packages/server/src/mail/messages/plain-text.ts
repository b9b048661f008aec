import type { Mail } from '../mail.ts'

const NAME_CHARS_MAX = 80
const MINUTE_CHARS = 'YYYY-MM-DDTHH:MM'.length

/**
 * A name from our database for a mail, where strangers may have chosen it: in one line, without marks that hide or reorder
 * text, and shortened. Mail programs make links of texts such as `example.com`, so nothing stays that looks like one.
 *
 * @param charsMax the most characters
 */
export function nameInMail(name: string, charsMax = NAME_CHARS_MAX): string {
  const line = name
    .normalize('NFKC')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .replace(/[.:/@。\\](?![\s,;)]|$)/g, '$& ')
    .trim()
  return shortened(line, charsMax)
}

/** A text, or its beginning and an ellipsis if it has more than so many characters. */
export function shortened(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  // Not between the halves of a surrogate pair.
  return `${text.slice(0, charsMax - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** A time in UTC, to the minute. */
export function timeInMail(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, MINUTE_CHARS).replace('T', ' ')} UTC`
}

/** Joins paragraphs, with an empty line between two. */
export function paragraphs(...texts: readonly string[]): Mail['text'] {
  return `${texts.join('\n\n')}\n`
}
