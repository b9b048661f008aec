export interface FairLineLimits {
  /** How many items wait in all. */
  readonly waitingMax: number
  /** How many items of one group wait. */
  readonly groupWaitingMax: number
  /** How many items of one group are under way at a time. */
  readonly groupRunningMax: number
}

/** A bounded line in which groups take turns, however many items each has brought. */
export class FairLine<Item> {
  readonly #limits: FairLineLimits
  /** Groups with something waiting; the one that was served last stands last. */
  readonly #waiting = new Map<string, Item[]>()
  readonly #running = new Map<string, number>()
  #size = 0

  constructor(limits: FairLineLimits) {
    this.#limits = limits
  }

  /** How many items wait. */
  get size(): number {
    return this.#size
  }

  /** Whether the item was taken into the line; it is not where too many wait. */
  add(group: string, item: Item): boolean {
    const items = this.#waiting.get(group) ?? []
    if (this.#size >= this.#limits.waitingMax || items.length >= this.#limits.groupWaitingMax) return false
    items.push(item)
    this.#waiting.set(group, items)
    this.#size += 1
    return true
  }

  /** The next item of the next group that may run one; it is under way until `release`. */
  take(): Item | undefined {
    for (const [group, items] of this.#waiting) {
      const running = this.#running.get(group) ?? 0
      if (running >= this.#limits.groupRunningMax) continue
      const item = items.shift()
      this.#size -= 1
      this.#waiting.delete(group)
      if (items.length > 0) this.#waiting.set(group, items)
      this.#running.set(group, running + 1)
      return item
    }
    return undefined
  }

  /** Says that an item of the group is no longer under way. */
  release(group: string): void {
    const running = (this.#running.get(group) ?? 0) - 1
    if (running > 0) this.#running.set(group, running)
    else this.#running.delete(group)
  }

  /** Takes out an item that still waits. */
  remove(group: string, item: Item): void {
    const items = this.#waiting.get(group) ?? []
    const index = items.indexOf(item)
    if (index === -1) return
    items.splice(index, 1)
    this.#size -= 1
    if (items.length === 0) this.#waiting.delete(group)
  }

  /** Takes out everything that waits. */
  clear(): Item[] {
    const items = [...this.#waiting.values()].flat()
    this.#waiting.clear()
    this.#size = 0
    return items
  }
}
