import { randomFillSync } from 'node:crypto'

const TRACE_BYTES = 16
const SPAN_BYTES = 8
/** Random bytes are drawn for this many spans at a time: each draw alone takes longer than all else of an id. */
const SPANS_PER_DRAW = 512

/** Makes random ids of traces and spans. */
export class RandomIds {
  readonly #pool = Buffer.alloc(SPANS_PER_DRAW * SPAN_BYTES)
  #next = this.#pool.length

  /** 32 hexadecimal digits, not all of them 0. */
  traceId(): string {
    return this.#digits(TRACE_BYTES)
  }

  /** 16 hexadecimal digits, not all of them 0. */
  spanId(): string {
    return this.#digits(SPAN_BYTES)
  }

  #digits(bytes: number): string {
    if (this.#next + bytes > this.#pool.length) {
      randomFillSync(this.#pool)
      this.#next = 0
    }
    const start = this.#next
    this.#next += bytes
    // An id of zeros would be invalid, and is made once in 2^64 times.
    if (this.#pool.readBigUInt64BE(this.#next - SPAN_BYTES) === 0n) this.#pool[start] = 1
    return this.#pool.toString('hex', start, this.#next)
  }
}
