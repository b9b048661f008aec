import type { KeptRequest } from './kept-request.ts'

/** The newest entries, at most as many as its capacity. It takes memory only for those that it holds. */
export class RequestRing {
  readonly #capacity: number
  #entries: KeptRequest[] = []
  /** Where the oldest entry is, once the list is full. */
  #oldest = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get length(): number {
    return this.#entries.length
  }

  /** @returns whether it now holds one more; otherwise the oldest has made room */
  add(entry: KeptRequest): boolean {
    if (this.#entries.length < this.#capacity) {
      this.#entries.push(entry)
      return true
    }
    this.#entries[this.#oldest] = entry
    this.#oldest = (this.#oldest + 1) % this.#capacity
    return false
  }

  /** The entries, oldest first. */
  entries(): KeptRequest[] {
    return [...this.#entries.slice(this.#oldest), ...this.#entries.slice(0, this.#oldest)]
  }

  /** Keeps the newest entries. @returns how many it removed */
  shortenTo(length: number): number {
    const removed = this.#entries.length - length
    if (removed <= 0) return 0
    this.#entries = this.entries().slice(removed)
    this.#oldest = 0
    return removed
  }
}
