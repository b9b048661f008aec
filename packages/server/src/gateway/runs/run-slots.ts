/** Concurrent runs. A run mostly waits for upstreams and expressions, and its cost is the memory of its message. */
const RUNS_MAX = 1024
/** The content of callers that all runs together hold in memory, in bytes. */
const CONTENT_BYTES_MAX = 128 * 1024 * 1024
/** The share of both limits that one pipeline can use, so that callers of one pipeline cannot block the others. */
const PIPELINE_SHARE = 0.5

interface Usage {
  runs: number
  bytes: number
}

/** The slot of one run. Disposing it releases the slot and the bytes that it holds. */
export interface RunSlot extends Disposable {
  /** Counts content that the run holds in memory. @returns false when a limit would be exceeded */
  hold(bytes: number): boolean
}

/** Bounds the concurrent runs of a gateway and the content that they hold in memory. */
export class RunSlots {
  readonly #pipelines = new Map<string, Usage>()
  readonly #total: Usage = { runs: 0, bytes: 0 }

  get runs(): number {
    return this.#total.runs
  }

  get contentBytes(): number {
    return this.#total.bytes
  }

  /** Takes a slot for a run of a pipeline. @returns undefined when a limit is reached */
  acquire(pipeline: string): RunSlot | undefined {
    const usage = this.#pipelines.get(pipeline) ?? { runs: 0, bytes: 0 }
    if (this.#total.runs >= RUNS_MAX || usage.runs >= RUNS_MAX * PIPELINE_SHARE) return undefined
    this.#pipelines.set(pipeline, usage)
    usage.runs += 1
    this.#total.runs += 1
    let held = 0
    let isReleased = false
    return {
      hold: (bytes) => {
        const isTooMuch =
          this.#total.bytes + bytes > CONTENT_BYTES_MAX ||
          usage.bytes + bytes > CONTENT_BYTES_MAX * PIPELINE_SHARE
        if (isReleased || isTooMuch) return false
        held += bytes
        usage.bytes += bytes
        this.#total.bytes += bytes
        return true
      },
      [Symbol.dispose]: () => {
        if (isReleased) return
        isReleased = true
        usage.runs -= 1
        usage.bytes -= held
        this.#total.runs -= 1
        this.#total.bytes -= held
        if (usage.runs === 0) this.#pipelines.delete(pipeline)
      },
    }
  }
}
