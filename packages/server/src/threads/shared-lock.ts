/** The states of a lock: free, taken by a thread, or taken while others may wait. */
const FREE = 0
const TAKEN = 1
const AWAITED = 2

/**
 * A lock that threads of one process share, for work of a few microseconds: others wait with their whole event loop. After
 * "mutex2" of Ulrich Drepper, "Futexes are tricky" (2011).
 */
export class SharedLock {
  readonly #word: Int32Array

  /** @param word one word of shared memory, which is 0 at first */
  constructor(word: Int32Array) {
    this.#word = word
  }

  /** Does some work that no other thread does meanwhile. It must not take the lock again. */
  hold<T>(work: () => T): T {
    this.#take()
    try {
      return work()
    } finally {
      this.#give()
    }
  }

  #take(): void {
    let before = Atomics.compareExchange(this.#word, 0, FREE, TAKEN)
    while (before !== FREE) {
      if (before === AWAITED || Atomics.compareExchange(this.#word, 0, TAKEN, AWAITED) !== FREE) {
        Atomics.wait(this.#word, 0, AWAITED)
      }
      before = Atomics.compareExchange(this.#word, 0, FREE, AWAITED)
    }
  }

  #give(): void {
    if (Atomics.exchange(this.#word, 0, FREE) === AWAITED) Atomics.notify(this.#word, 0, 1)
  }
}
