/** The largest body that is stored, in bytes. */
export const STORED_BYTES_MAX = 1024 * 1024
const FIRST_BYTES = 4 * 1024

/**
 * Collects a body in memory of its own. A chunk of a connection is part of a larger buffer, which it would keep from being
 * freed.
 */
export class RecordedBody {
  readonly #take: (bytes: number) => boolean
  readonly #give: (bytes: number) => void
  readonly #expectedBytes: number | null
  #buffer = Buffer.allocUnsafeSlow(0)
  #length = 0
  #isTooLarge = false

  /**
   * @param expectedBytes the stated length; null without one
   * @param take counts memory, @returns false if there is none
   */
  constructor(expectedBytes: number | null, take: (bytes: number) => boolean, give: (bytes: number) => void) {
    this.#expectedBytes = expectedBytes
    this.#take = take
    this.#give = give
  }

  /** What it has taken of the memory. */
  get heldBytes(): number {
    return this.#buffer.length
  }

  /** Whether the body is larger than any that is stored. */
  get isTooLarge(): boolean {
    return this.#isTooLarge
  }

  /** @returns false if the body is too large, or no memory is left; it is then over */
  add(chunk: Buffer): boolean {
    const needed = this.#length + chunk.length
    if (needed > this.#buffer.length && !this.#grow(needed)) {
      this.discard()
      return false
    }
    chunk.copy(this.#buffer, this.#length)
    this.#length = needed
    return true
  }

  discard(): void {
    this.#give(this.#buffer.length)
    this.#buffer = Buffer.allocUnsafeSlow(0)
    this.#length = 0
  }

  /** The whole body, which holds `heldBytes`; null if it is not as long as was stated. */
  finish(): Buffer | null {
    if (this.#expectedBytes !== null && this.#expectedBytes !== this.#length) return null
    if (this.#length < this.#buffer.length) {
      const exact = Buffer.allocUnsafeSlow(this.#length)
      this.#buffer.copy(exact, 0, 0, this.#length)
      this.#give(this.#buffer.length - this.#length)
      this.#buffer = exact
    }
    return this.#buffer
  }

  #grow(needed: number): boolean {
    this.#isTooLarge = needed > STORED_BYTES_MAX
    if (this.#isTooLarge) return false
    const doubled = Math.max(needed, FIRST_BYTES, 2 * this.#buffer.length, this.#expectedBytes ?? 0)
    const size = Math.min(doubled, STORED_BYTES_MAX)
    if (!this.#take(size - this.#buffer.length)) return false
    const grown = Buffer.allocUnsafeSlow(size)
    this.#buffer.copy(grown, 0, 0, this.#length)
    this.#buffer = grown
    return true
  }
}
