import type { Exchange } from './exchange.ts'

/**
 * The exchanges that have not been indexed yet. They come and go with each request, so they are kept in arrays: a `Set`
 * that changes this fast leaves a chain of old tables behind, which keeps ended exchanges in memory.
 */
export class RecentExchanges {
  /** Registered before the current round. */
  #older: Exchange[] = []
  #newer: Exchange[] = []

  get size(): number {
    return this.#older.length + this.#newer.length
  }

  add(exchange: Exchange): void {
    exchange.recent = this.#newer
    exchange.recentPosition = this.#newer.push(exchange) - 1
  }

  /** @returns whether it was one of them */
  delete(exchange: Exchange): boolean {
    const list = exchange.recent
    if (list === null) return false
    exchange.recent = null
    const last = list.pop()
    if (last !== undefined && last !== exchange) {
      list[exchange.recentPosition] = last
      last.recentPosition = exchange.recentPosition
    }
    return true
  }

  /** Begins a round, and removes and returns the exchanges that were registered before the last one. */
  nextRound(): readonly Exchange[] {
    const taken = this.#older
    this.#older = this.#newer
    this.#newer = []
    return released(taken)
  }

  /** Removes and returns all. */
  takeAll(): readonly Exchange[] {
    const taken = [...this.#older, ...this.#newer]
    this.#older = []
    this.#newer = []
    return released(taken)
  }
}

function released(exchanges: readonly Exchange[]): readonly Exchange[] {
  for (const exchange of exchanges) exchange.recent = null
  return exchanges
}
