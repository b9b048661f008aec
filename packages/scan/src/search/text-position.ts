import type { CharBytes } from './token-at.ts'

const LINE_FEED = 10

/** A place in a text. Both numbers start at 1. */
export interface Position {
  readonly line: number
  /** In Unicode code points, or in code units for a text in UTF-16. */
  readonly column: number
}

/**
 * Counts lines and columns up to a place in a text that passes in pieces. Lines end in a line feed. A byte order mark at
 * the start is not counted.
 */
export class PositionCounter {
  #lines = 1
  #lineChars = 0
  #lineBytes = 0
  #isAtStart = true

  /** Goes on over bytes that follow those of the last call. */
  advance(bytes: Buffer, from: number, to: number): void {
    if (this.#isAtStart && from < to) {
      this.#isAtStart = false
      const mark = bytes.toString('latin1', from, Math.min(from + 3, to))
      if (mark === '\u00EF\u00BB\u00BF') this.#lineChars = -1
      if (mark.startsWith('\u00FF\u00FE') || mark.startsWith('\u00FE\u00FF')) this.#lineBytes = -2
    }
    const lineStart = from === to ? from : lastLineStart(bytes, from, to)
    if (lineStart !== from) {
      this.#lines += countLineFeeds(bytes, from, lineStart)
      this.#lineChars = 0
      this.#lineBytes = 0
    }
    this.#lineChars += countChars(bytes, lineStart, to)
    this.#lineBytes += to - lineStart
  }

  position(charBytes: CharBytes): Position {
    const chars = charBytes === 1 ? this.#lineChars : Math.floor(this.#lineBytes / 2)
    return { line: this.#lines, column: chars + 1 }
  }
}

function lastLineStart(bytes: Buffer, from: number, to: number): number {
  return Math.max(from, bytes.lastIndexOf(LINE_FEED, to - 1) + 1)
}

// The loops have no branch: a wrong prediction costs more than ten bytes. `(n - 1) >>> 31` is 1 for 0, otherwise 0.

function countLineFeeds(bytes: Buffer, from: number, to: number): number {
  let count = 0
  for (let index = from; index < to; index += 1) count += (((bytes[index] as number) ^ LINE_FEED) - 1) >>> 31
  return count
}

/** Counts the code points of UTF-8: all but the first byte of a longer one are 10xxxxxx. */
function countChars(bytes: Buffer, from: number, to: number): number {
  let continued = 0
  for (let index = from; index < to; index += 1) {
    continued += ((((bytes[index] as number) >>> 6) ^ 2) - 1) >>> 31
  }
  return to - from - continued
}
