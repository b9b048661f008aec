export interface FairQueueLimits {
  /** How many items wait in all groups together. */
  readonly waitingMax: number
  /** How many items of one group wait; `waitingMax` unless given. */
  readonly groupWaitingMax?: number
  /** How many items of one group run at a time; unlimited unless given. */
  readonly groupRunningMax?: number
}

/**
 * A bounded queue in which groups take turns, regardless of how many items each of them adds. A group is any key, such
 * as an organization or a pipeline.
 *
 * Without `onEvict`, a full queue rejects new items. With it, a full queue accepts the new item and evicts the newest
 * item of its longest group, so that no group can keep the others out by filling the queue.
 */
export class FairQueue<Item> {
  readonly #waitingMax: number
  readonly #groupWaitingMax: number
  readonly #groupRunningMax: number
  readonly #onEvict: ((item: Item) => void) | null
  /** Groups with waiting items, in the order of their turns. */
  readonly #waiting = new Map<string, Item[]>()
  readonly #running = new Map<string, number>()
  #size = 0

  /** @param onEvict called with each evicted item, which can be the one just added */
  constructor(limits: FairQueueLimits, onEvict: ((item: Item) => void) | null = null) {
    this.#waitingMax = limits.waitingMax
    this.#groupWaitingMax = limits.groupWaitingMax ?? Infinity
    this.#groupRunningMax = limits.groupRunningMax ?? Infinity
    this.#onEvict = onEvict
  }

  /** How many items wait. */
  get size(): number {
    return this.#size
  }

  /** @returns false when a limit keeps the item out; an item that `onEvict` received counts as accepted */
  add(group: string, item: Item): boolean {
    const items = this.#waiting.get(group) ?? []
    if (items.length >= this.#groupWaitingMax) return false
    if (this.#size >= this.#waitingMax && this.#onEvict === null) return false
    items.push(item)
    this.#waiting.set(group, items)
    this.#size += 1
    if (this.#size > this.#waitingMax) this.#evictNewestOfLongest()
    return true
  }

  /** Takes the next item of the next group that may run one. The item runs until `release`. */
  take(): Item | undefined {
    for (const [group, items] of this.#waiting) {
      if (!this.start(group)) continue
      const item = items.shift()
      this.#size -= 1
      // The group goes behind the others.
      this.#waiting.delete(group)
      if (items.length > 0) this.#waiting.set(group, items)
      return item
    }
    return undefined
  }

  /** Counts an item as running that never waited. @returns false when the group may not run another one */
  start(group: string): boolean {
    const running = this.#running.get(group) ?? 0
    if (running >= this.#groupRunningMax) return false
    this.#running.set(group, running + 1)
    return true
  }

  /** Reports that a running item of the group has ended. */
  release(group: string): void {
    const running = (this.#running.get(group) ?? 0) - 1
    if (running > 0) this.#running.set(group, running)
    else this.#running.delete(group)
  }

  /** Removes a waiting item. */
  remove(group: string, item: Item): void {
    const items = this.#waiting.get(group) ?? []
    const index = items.indexOf(item)
    if (index === -1) return
    items.splice(index, 1)
    this.#size -= 1
    if (items.length === 0) this.#waiting.delete(group)
  }

  /** Removes and returns all waiting items. */
  clear(): Item[] {
    const items = [...this.#waiting.values()].flat()
    this.#waiting.clear()
    this.#size = 0
    return items
  }

  #evictNewestOfLongest(): void {
    let longest: [string, Item[]] | undefined
    // Among groups of equal length the last one loses: when each has one item, the latest arrival is evicted.
    for (const entry of this.#waiting) {
      if (longest === undefined || entry[1].length >= longest[1].length) longest = entry
    }
    const newest = longest?.[1].at(-1)
    if (longest === undefined || newest === undefined) return
    this.remove(longest[0], newest)
    this.#onEvict?.(newest)
  }
}
