import type { Exchange } from './exchange.ts'

/** Exchanges by their due time, as a binary heap in which each exchange knows its position. */
export class DueQueue {
  readonly #heap: Exchange[] = []

  get size(): number {
    return this.#heap.length
  }

  /** The exchange that is due first. */
  get first(): Exchange | undefined {
    return this.#heap[0]
  }

  /** Adds an exchange, or moves it, to a due time in ms since 1970. `Infinity` removes it. */
  set(exchange: Exchange, dueAtMs: number): void {
    exchange.dueAtMs = dueAtMs
    if (dueAtMs === Infinity) {
      this.remove(exchange)
      return
    }
    if (exchange.queuePosition < 0) exchange.queuePosition = this.#heap.push(exchange) - 1
    this.#settle(exchange)
  }

  remove(exchange: Exchange): void {
    const position = exchange.queuePosition
    if (position < 0) return
    exchange.queuePosition = -1
    const last = this.#heap.pop()
    if (last === undefined || last === exchange) return
    this.#put(last, position)
    this.#settle(last)
  }

  #settle(exchange: Exchange): void {
    this.#rise(exchange)
    this.#sink(exchange)
  }

  #rise(exchange: Exchange): void {
    for (;;) {
      const position = exchange.queuePosition
      const parent = position === 0 ? undefined : this.#heap[(position - 1) >>> 1]
      if (parent === undefined || parent.dueAtMs <= exchange.dueAtMs) return
      this.#swap(exchange, parent)
    }
  }

  #sink(exchange: Exchange): void {
    for (;;) {
      const left = this.#heap[exchange.queuePosition * 2 + 1]
      const right = this.#heap[exchange.queuePosition * 2 + 2]
      if (left === undefined) return
      const child = right === undefined || left.dueAtMs <= right.dueAtMs ? left : right
      if (exchange.dueAtMs <= child.dueAtMs) return
      this.#swap(exchange, child)
    }
  }

  #swap(one: Exchange, other: Exchange): void {
    const position = one.queuePosition
    this.#put(one, other.queuePosition)
    this.#put(other, position)
  }

  #put(exchange: Exchange, position: number): void {
    this.#heap[position] = exchange
    exchange.queuePosition = position
  }
}
