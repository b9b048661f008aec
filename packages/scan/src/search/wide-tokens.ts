import { TOKEN_CHARS } from '@sallyport/core/key-text'
import { tokenAt, type TokenAt, type Window, WORD_BYTES } from './token-at.ts'

/** The bytes from the first to the last character of a token in UTF-16: a zero byte is between two characters. */
const WIDE_TOKEN_BYTES = 2 * TOKEN_CHARS - 1

/** The next character and its zero byte. */
const NEXT_CHAR_BYTES = 2

/**
 * Finds the tokens of a text in UTF-16, of either byte order and at any offset.
 *
 * Like the search for narrow tokens, it looks at the last two bytes that a token can have and walks back. One of two
 * adjacent bytes is zero and the other a word character, which is rare outside of UTF-16.
 *
 * @param from where the first token can start
 * @returns where the next token can start, given more bytes
 */
export function findWideTokens(window: Window, from: number, found: (token: TokenAt) => void): number {
  const { bytes, end, isLast } = window
  const startMax = end - WIDE_TOKEN_BYTES - (isLast ? 0 : NEXT_CHAR_BYTES)
  let start = from
  while (start <= startMax) {
    let index = start + WIDE_TOKEN_BYTES - 2
    while (index >= start && isPair(bytes[index] as number, bytes[index + 1] as number)) index -= 1
    if (index >= start) {
      start = index + 1
      continue
    }
    const token = tokenAt(window, start, 2)
    if (token !== undefined) found({ token, index: start, charBytes: 2 })
    start += token === undefined ? 1 : WIDE_TOKEN_BYTES
  }
  return start
}

/** Whether one of two adjacent bytes is zero and the other a word character. */
function isPair(one: number, other: number): boolean {
  return (one === 0 && WORD_BYTES[other] === 1) || (other === 0 && WORD_BYTES[one] === 1)
}
