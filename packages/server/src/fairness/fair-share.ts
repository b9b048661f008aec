/** The user of a shared resource: an organization, and one of its pipelines or another part of it. */
export interface Tenant {
  readonly organization: string
  /** Distinguishes the parts of the organization that share fairly with each other. */
  readonly pipeline: string
}

export interface FairShareOptions {
  /** What an organization can always hold while anything is free, in units; 1/64 of the capacity unless given. */
  readonly minimum?: number
}

/**
 * An organization can hold this many times what stays free, and a pipeline this many times what its organization can
 * still take. So a single organization can hold 3/4 of the capacity, and one pipeline 9/16 of it.
 */
const TIMES_FREE_MAX = 3
const MINIMUM_DIVISOR = 64

interface Usage {
  used: number
  readonly pipelines: Map<string, number>
}

/**
 * A bounded resource that organizations share, such as slots, connections or bytes. Within an organization, its
 * pipelines share in the same way.
 *
 * Units in use cannot be taken back, so the limits are relative to what is free (dynamic thresholds: Choudhury and
 * Hahne, "Dynamic Queue Length Thresholds for Shared-Memory Packet Switches", 1998): they hardly bind while few want
 * something, some units stay free for a newcomer, and an organization above its share gets nothing more until it is
 * below it again. No list of organizations is needed, and each call takes constant time.
 */
export class FairShare {
  readonly #capacity: number
  readonly #minimum: number
  readonly #organizations = new Map<string, Usage>()
  #used = 0

  /** @param capacity in units */
  constructor(capacity: number, options: FairShareOptions = {}) {
    this.#capacity = capacity
    this.#minimum = options.minimum ?? Math.max(1, Math.floor(capacity / MINIMUM_DIVISOR))
  }

  /** The units in use. */
  get used(): number {
    return this.#used
  }

  /** Whether an organization's share has room for one more unit. Its pipelines' shares may still be used up. */
  hasRoomFor(organization: string): boolean {
    return this.#roomOf(this.#organizations.get(organization)?.used ?? 0, 1) >= 0
  }

  /** Takes units. @returns false, and takes nothing, when a limit would be exceeded */
  take({ organization, pipeline }: Tenant, units = 1): boolean {
    const known = this.#organizations.get(organization)
    const room = this.#roomOf(known?.used ?? 0, units)
    if (room < 0) return false
    const own = (known?.pipelines.get(pipeline) ?? 0) + units
    // What the organization takes also reduces what stays free.
    const takeable = Math.floor(room / (TIMES_FREE_MAX + 1))
    if (own > this.#minimum && own > TIMES_FREE_MAX * takeable) return false
    const usage: Usage = known ?? { used: 0, pipelines: new Map() }
    if (known === undefined) this.#organizations.set(organization, usage)
    usage.used += units
    usage.pipelines.set(pipeline, own)
    this.#used += units
    return true
  }

  /** Gives back units that `take` has taken. */
  give({ organization, pipeline }: Tenant, units = 1): void {
    const usage = this.#organizations.get(organization)
    if (usage === undefined) return
    this.#used -= units
    usage.used -= units
    const own = (usage.pipelines.get(pipeline) ?? 0) - units
    if (own > 0) usage.pipelines.set(pipeline, own)
    else usage.pipelines.delete(pipeline)
    if (usage.pipelines.size === 0) this.#organizations.delete(organization)
  }

  /** What stays of an organization's share after it has taken more; negative when it must not take that much. */
  #roomOf(used: number, units: number): number {
    const free = this.#capacity - this.#used - units
    if (free < 0) return -1
    const room = TIMES_FREE_MAX * free - used - units
    return room >= 0 || used + units > this.#minimum ? room : 0
  }
}
