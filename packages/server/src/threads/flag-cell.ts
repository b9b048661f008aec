/** A flag that one thread sets and others may read. */
export interface FlagCell {
  isSet: boolean
}

/** A flag in memory that threads share. */
export class SharedFlag implements FlagCell {
  readonly #word: Int32Array

  /** @param word one word of shared memory, which is 0 at first */
  constructor(word: Int32Array) {
    this.#word = word
  }

  get isSet(): boolean {
    return Atomics.load(this.#word, 0) === 1
  }

  set isSet(isSet: boolean) {
    Atomics.store(this.#word, 0, isSet ? 1 : 0)
  }
}
