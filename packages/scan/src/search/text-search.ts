import type { ParsedToken } from '@sallyport/core/key-text'
import { findNarrowTokens } from './narrow-tokens.ts'
import { type Position, PositionCounter } from './text-position.ts'
import { CONTEXT_CHARS, type TokenAt } from './token-at.ts'
import { findWideTokens } from './wide-tokens.ts'

/** A token in a text. */
export interface FoundToken extends Position {
  readonly token: ParsedToken
}

/**
 * Searches texts that pass in pieces. A text in one piece is searched in place; the end of a piece is kept for the search
 * of the next one. Memory does not grow with the text.
 */
export class TextSearch {
  readonly #found: (found: FoundToken) => void
  /** The kept bytes of the last piece, and room for the next one. */
  #joined: Buffer = Buffer.alloc(0)
  #keptBytes = 0
  /** Where in the kept bytes the searches and the counter go on. */
  #narrowFrom = 0
  #wideFrom = 0
  #countedTo = 0
  #counter: PositionCounter | undefined

  /** @param found is called for each token, in the order of the text */
  constructor(found: (found: FoundToken) => void) {
    this.#found = found
  }

  /**
   * Searches the next piece of the text.
   *
   * @param isLast whether the text ends with it. The next piece then starts another text
   */
  search(bytes: Buffer, from: number, to: number, isLast: boolean): void {
    if (this.#keptBytes === 0) {
      this.#searchWindow(bytes, from, to, isLast)
      return
    }
    const end = this.#keptBytes + to - from
    if (this.#joined.length < end) this.#joined = Buffer.concat([this.#joined], end)
    bytes.copy(this.#joined, this.#keptBytes, from, to)
    this.#searchWindow(this.#joined, 0, end, isLast)
  }

  /** Forgets the text, which ended too early. */
  reset(): void {
    this.#keptBytes = 0
    this.#narrowFrom = 0
    this.#wideFrom = 0
    this.#countedTo = 0
    this.#counter = undefined
  }

  /** Searches from `start`, where the kept bytes are, if there are any. */
  #searchWindow(bytes: Buffer, start: number, end: number, isLast: boolean): void {
    const window = { bytes, start, end, isLast }
    const tokens: TokenAt[] = []
    const found = (token: TokenAt): unknown => tokens.push(token)
    const narrowNext = findNarrowTokens(window, start + this.#narrowFrom, found)
    const wideNext = findWideTokens(window, start + this.#wideFrom, found)
    let countedTo = start + this.#countedTo
    const countTo = (counter: PositionCounter, index: number): void => {
      if (index > countedTo) counter.advance(bytes, countedTo, index)
      countedTo = Math.max(countedTo, index)
    }
    for (const { token, index, charBytes } of tokens.toSorted((one, other) => one.index - other.index)) {
      this.#counter ??= new PositionCounter()
      countTo(this.#counter, index)
      this.#found({ token, ...this.#counter.position(charBytes) })
    }
    if (isLast) return this.reset()
    const keptFrom = Math.min(
      end,
      Math.max(start, Math.min(narrowNext - CONTEXT_CHARS, wideNext - 2 * CONTEXT_CHARS)),
    )
    countTo((this.#counter ??= new PositionCounter()), keptFrom)
    this.#keptBytes = end - keptFrom
    this.#narrowFrom = narrowNext - keptFrom
    this.#wideFrom = wideNext - keptFrom
    this.#countedTo = countedTo - keptFrom
    if (this.#joined.length < this.#keptBytes) this.#joined = Buffer.alloc(this.#keptBytes)
    bytes.copy(this.#joined, 0, keptFrom, end)
  }
}
