import { FairShare, type Tenant } from '../../fairness/fair-share.ts'

/** Concurrent runs. A run mostly waits for upstreams and expressions, and its cost is the memory of its message. */
const RUNS_MAX = 1024
/** The content of callers that all runs together hold in memory, in bytes. */
const CONTENT_BYTES_MAX = 128 * 1024 * 1024

/** The slot of one run. Disposing it releases the slot and the bytes that it holds. */
export interface RunSlot extends Disposable {
  /** Counts content that the run holds in memory. @returns false when the tenant's share would be exceeded */
  hold(bytes: number): boolean
}

/**
 * Bounds the concurrent runs of a gateway and the content that they hold in memory. Organizations share both, and their
 * pipelines: neither slow callers nor slow upstreams of one organization take the last slot or byte.
 */
export class RunSlots {
  readonly #runs: FairShare
  readonly #bytes: FairShare

  /** @param threads of the gateway, which share the bounds */
  constructor(threads = 1) {
    this.#runs = new FairShare(Math.ceil(RUNS_MAX / threads))
    this.#bytes = new FairShare(Math.ceil(CONTENT_BYTES_MAX / threads))
  }

  get runs(): number {
    return this.#runs.used
  }

  get contentBytes(): number {
    return this.#bytes.used
  }

  /** Takes a slot for a run. @returns undefined when the tenant's share is used up */
  acquire(tenant: Tenant): RunSlot | undefined {
    if (!this.#runs.take(tenant)) return undefined
    let held = 0
    let isReleased = false
    return {
      hold: (bytes) => {
        if (isReleased || !this.#bytes.take(tenant, bytes)) return false
        held += bytes
        return true
      },
      [Symbol.dispose]: () => {
        if (isReleased) return
        isReleased = true
        this.#runs.give(tenant)
        this.#bytes.give(tenant, held)
      },
    }
  }
}
