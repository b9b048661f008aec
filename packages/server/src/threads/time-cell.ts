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

/** A time in memory that threads share, in microseconds; one more from 0 on, as 0 says that there is none. */
export class SharedTime implements TimeCell {
  readonly #word: BigInt64Array

  /** @param word one word of shared memory, which is 0 at first */
  constructor(word: BigInt64Array) {
    this.#word = word
  }

  get ms(): number {
    const value = Atomics.load(this.#word, 0)
    if (value === NEVER) return -Infinity
    if (value === ALWAYS) return Infinity
    return Number(value > 0n ? value - 1n : value) / MICROSECONDS
  }

  set ms(ms: number) {
    Atomics.store(this.#word, 0, microsecondsOf(ms))
  }
}

/** A time before the machine's start is below 0: a snapshot that was kept on a disk can be that old. */
function microsecondsOf(ms: number): bigint {
  if (ms === Infinity) return ALWAYS
  if (ms === -Infinity) return NEVER
  const value = BigInt(Math.floor(ms * MICROSECONDS))
  return value < 0n ? value : value + 1n
}
