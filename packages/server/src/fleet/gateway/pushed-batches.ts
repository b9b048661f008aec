/** Batches that are handed over one by one to a reader, which waits for each. */
export class PushedBatches<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = []
  #isComplete = false
  #wake: () => void = () => undefined

  push(batch: T): void {
    this.#waiting.push(batch)
    this.#wake()
  }

  /** There are no more. */
  complete(): void {
    this.#isComplete = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next !== undefined) yield next
      else if (this.#isComplete) return
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
