/** Default number of counters per kind. Each has a name and some numbers, about 250 bytes. */
export const COUNTERS_MAX = 100_000

/** Counters by name, in the order of last use. The least recently used one is evicted first. */
export class Counters<Counter> {
  readonly #counters = new Map<string, Counter>()
  readonly #max: number
  readonly #onEvict: (counter: Counter) => void

  /** @param onEvict called with a counter that made room for another one */
  constructor(max: number, onEvict: (counter: Counter) => void = () => {}) {
    this.#max = max
    this.#onEvict = onEvict
  }

  get size(): number {
    return this.#counters.size
  }

  get(name: string): Counter | undefined {
    return this.#counters.get(name)
  }

  all(): Iterable<Counter> {
    return this.#counters.values()
  }

  set(name: string, counter: Counter): void {
    // Deleting first moves the counter to the end of the map.
    this.#counters.delete(name)
    this.#counters.set(name, counter)
    for (const [oldest, evicted] of this.#counters) {
      if (this.#counters.size <= this.#max) break
      this.#counters.delete(oldest)
      this.#onEvict(evicted)
    }
  }
}
