import { FairShare, type Tenant } from './fair-share.ts'

export interface FairQueueLimits {
  /** How many items run at a time, shared between the tenants as `FairShare` says. */
  readonly runningMax: number
  /** How many items wait. */
  readonly waitingMax: number
  /** The size of all waiting items together; unlimited unless given. */
  readonly waitingSizeMax?: number
}

interface Waiting<Item> {
  readonly item: Item
  readonly size: number
}

/** The waiting items of an organization. */
interface Line<Item> {
  /** By pipeline, in the order of their turns. */
  readonly pipelines: Map<string, Waiting<Item>[]>
  count: number
  size: number
}

/**
 * A bounded queue in which organizations take turns, regardless of how many items each of them adds. Within an
 * organization, its pipelines take turns.
 *
 * A full queue accepts a new item and evicts the newest item of the longest pipeline of the longest organization. So no
 * organization can keep others out by filling the queue, and one that is alone can use all of it.
 */
export class FairQueue<Item> {
  readonly #waitingMax: number
  readonly #waitingSizeMax: number
  readonly #onEvict: (item: Item) => void
  /** Organizations with waiting items, in the order of their turns. */
  readonly #lines = new Map<string, Line<Item>>()
  readonly #running: FairShare
  #count = 0
  #size = 0

  /** @param onEvict called with each evicted item, which can be the one just added */
  constructor(limits: FairQueueLimits, onEvict: (item: Item) => void) {
    this.#running = new FairShare(limits.runningMax)
    this.#waitingMax = limits.waitingMax
    this.#waitingSizeMax = limits.waitingSizeMax ?? Infinity
    this.#onEvict = onEvict
  }

  /** How many items run. */
  get running(): number {
    return this.#running.used
  }

  /** How many items wait. */
  get waiting(): number {
    return this.#count
  }

  /** Counts an item as running that never waited. @returns false when its tenant must wait for its turn */
  start(tenant: Tenant): boolean {
    return this.#running.take(tenant)
  }

  /** Adds an item that waits for `take`. */
  add({ organization, pipeline }: Tenant, item: Item, size = 0): void {
    let line = this.#lines.get(organization)
    if (line === undefined) {
      line = { pipelines: new Map(), count: 0, size: 0 }
      this.#lines.set(organization, line)
    }
    const items = line.pipelines.get(pipeline)
    if (items === undefined) line.pipelines.set(pipeline, [{ item, size }])
    else items.push({ item, size })
    this.#count += 1
    this.#size += size
    line.count += 1
    line.size += size
    while (this.#count > this.#waitingMax || this.#size > this.#waitingSizeMax) this.#evict()
  }

  /**
   * Takes the next item of the next tenant that may run one. The item runs until `release`.
   *
   * @param accepts if it refuses the item whose turn it is, that one keeps its turn, and none is taken
   */
  take(accepts?: (item: Item) => boolean): Item | undefined {
    for (const [organization, line] of this.#lines) {
      if (!this.#running.hasRoomFor(organization)) continue
      for (const [pipeline, items] of line.pipelines) {
        const [first] = items
        if (first !== undefined && accepts?.(first.item) === false) return undefined
        if (!this.#running.take({ organization, pipeline })) continue
        const taken = items.shift()
        // The pipeline goes behind the others of its organization, and the organization behind the others.
        line.pipelines.delete(pipeline)
        if (items.length > 0) line.pipelines.set(pipeline, items)
        this.#lines.delete(organization)
        if (line.pipelines.size > 0) this.#lines.set(organization, line)
        this.#uncount(line, taken?.size ?? 0)
        return taken?.item
      }
    }
    return undefined
  }

  /** Reports that a running item of the tenant has ended. */
  release(tenant: Tenant): void {
    this.#running.give(tenant)
  }

  /** Removes a waiting item. @returns false when it does not wait */
  remove({ organization, pipeline }: Tenant, item: Item): boolean {
    const line = this.#lines.get(organization)
    const items = line?.pipelines.get(pipeline)
    const index = items?.findIndex((waiting) => waiting.item === item) ?? -1
    if (line === undefined || items === undefined || index === -1) return false
    const [removed] = items.splice(index, 1)
    if (items.length === 0) line.pipelines.delete(pipeline)
    if (line.pipelines.size === 0) this.#lines.delete(organization)
    this.#uncount(line, removed?.size ?? 0)
    return true
  }

  /** Removes and returns all waiting items. */
  clear(): Item[] {
    const items = [...this.#lines.values()].flatMap((line) =>
      [...line.pipelines.values()].flat().map(({ item }) => item),
    )
    this.#lines.clear()
    this.#count = 0
    this.#size = 0
    return items
  }

  #uncount(line: Line<Item>, size: number): void {
    line.count -= 1
    line.size -= size
    this.#count -= 1
    this.#size -= size
  }

  #evict(): void {
    // Among equals the last one loses: when each has one item, the latest arrival is evicted.
    const weigh = (count: number, size: number): number =>
      Math.max(count / this.#waitingMax, size / this.#waitingSizeMax)
    const longest = heaviest(this.#lines, (line) => weigh(line.count, line.size))
    if (longest === undefined) return
    const [organization, line] = longest
    const fullest = heaviest(line.pipelines, (items) => {
      let size = 0
      if (this.#waitingSizeMax !== Infinity) for (const waiting of items) size += waiting.size
      return weigh(items.length, size)
    })
    const newest = fullest?.[1].at(-1)
    if (fullest === undefined || newest === undefined) return
    this.remove({ organization, pipeline: fullest[0] }, newest.item)
    this.#onEvict(newest.item)
  }
}

/** The last entry of the greatest weight. */
function heaviest<Value>(
  entries: ReadonlyMap<string, Value>,
  weightOf: (value: Value) => number,
): readonly [string, Value] | undefined {
  let found: readonly [string, Value] | undefined
  let most = -Infinity
  for (const entry of entries) {
    const weight = weightOf(entry[1])
    if (weight < most) continue
    found = entry
    most = weight
  }
  return found
}
