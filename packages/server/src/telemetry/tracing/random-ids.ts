import { randomBytes } from 'node:crypto'

/** The digits of an id, two for each byte (W3C Trace Context sections 3.2.2.3 and 3.2.2.4). */
const TRACE_DIGITS = 32
const SPAN_DIGITS = 16
/** Random bytes are drawn, and written as digits, for this many spans at a time: for one alone, both take longer than all else. */
const SPANS_PER_DRAW = 512
const DRAWN_BYTES = (SPANS_PER_DRAW * SPAN_DIGITS) / 2
const ZEROS = '0'.repeat(SPAN_DIGITS)

/** Makes random ids of traces and spans. */
export class RandomIds {
  #drawn = ''
  #next = 0

  /** 32 hexadecimal digits, not all of them 0. */
  traceId(): string {
    return this.#digits(TRACE_DIGITS)
  }

  /** 16 hexadecimal digits, not all of them 0. */
  spanId(): string {
    return this.#digits(SPAN_DIGITS)
  }

  #digits(count: number): string {
    if (this.#next + count > this.#drawn.length) {
      this.#drawn = randomBytes(DRAWN_BYTES).toString('hex')
      this.#next = 0
    }
    const start = this.#next
    this.#next += count
    const digits = this.#drawn.slice(start, this.#next)
    // An id of zeros would be invalid, and is made once in 2^64 times.
    return digits.endsWith(ZEROS) ? `1${digits.slice(1)}` : digits
  }
}
