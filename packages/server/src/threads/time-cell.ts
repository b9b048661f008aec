/** A time that one thread sets and others may read, in ms by the clock of the process; -Infinity at first. */
export interface TimeCell {
  ms: number
}

/** A time of one thread. */
export function ownTime(): TimeCell {
  return { ms: -Infinity }
}

/** The value that stands for -Infinity, which memory has at first, and the one for Infinity. */
const NEVER = 0n
const ALWAYS = 2n ** 63n - 1n
const MICROSECONDS = 1000

/** A time in memory that threads share. */
export class SharedTime implements TimeCell {
  readonly #word: BigInt64Array

  /** @param word one word of shared memory, which is 0 at first */
  constructor(word: BigInt64Array) {
    this.#word = word
  }

  get ms(): number {
    const value = Atomics.load(this.#word, 0)
    if (value === NEVER) return -Infinity
    return value === ALWAYS ? Infinity : Number(value) / MICROSECONDS
  }

  set ms(ms: number) {
    Atomics.store(this.#word, 0, microsecondsOf(ms))
  }
}

function microsecondsOf(ms: number): bigint {
  if (ms === Infinity) return ALWAYS
  // The clock of a process is above 0.
  return ms <= 0 ? NEVER : BigInt(Math.floor(ms * MICROSECONDS))
}
