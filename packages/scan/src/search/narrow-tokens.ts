import { type ParsedToken, TOKEN_CHARS } from '@sallyport/core/key-text'
import { ESCAPE_CHARS_MAX, tokenAt, type TokenAt, type Window, WORD_BYTES } from './token-at.ts'

/**
 * Finds the tokens of a text with one byte for each ASCII character, such as UTF-8.
 *
 * A token starts where a run of word characters starts, or few characters later, after an escape sequence. The search
 * walks back from the last byte that a token can have to the start of the run, so it reads a fraction of most texts.
 *
 * @param from where the first token can start
 * @returns where the next token can start, given more bytes
 */
export function findNarrowTokens(window: Window, from: number, found: (token: TokenAt) => void): number {
  const { bytes, start: windowStart, end, isLast } = window
  // The byte after a token tells whether the word ends there.
  const startMax = end - TOKEN_CHARS - (isLast ? 0 : 1)
  let start = from
  while (start <= startMax) {
    const last = start + TOKEN_CHARS - 1
    let index = last
    // The loop reads a byte in less than a nanosecond, and bytes outside of the buffer do not occur.
    while (index >= start && WORD_BYTES[bytes[index] as number] === 1) index -= 1
    if (index >= start) {
      start = index + 1
    } else if (start > windowStart && WORD_BYTES[bytes[start - 1] as number] === 1) {
      // The start of this run has been tried.
      start = last + 1
    } else if (start + ESCAPE_CHARS_MAX > startMax && !isLast) {
      return start
    } else {
      const token = firstToken(window, start, Math.min(start + ESCAPE_CHARS_MAX, startMax))
      if (token !== undefined) found(token)
      start = token === undefined ? last + 1 : token.index + TOKEN_CHARS
    }
  }
  return start
}

function firstToken(window: Window, from: number, to: number): TokenAt | undefined {
  for (let index = from; index <= to; index += 1) {
    const token: ParsedToken | undefined = tokenAt(window, index, 1)
    if (token !== undefined) return { token, index, charBytes: 1 }
  }
  return undefined
}
