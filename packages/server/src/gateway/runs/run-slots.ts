/** Runs at a time. A run waits for upstreams and expressions most of its time, and costs its message. */
const RUNS_MAX = 1024
/** What all runs together hold of callers' content, in bytes. */
const CONTENT_BYTES_MAX = 128 * 1024 * 1024
/** No pipeline takes more than this part of either, so that callers who never finish stop no other pipeline. */
const SHARE = 0.5

/** How much a pipeline takes. */
interface Taken {
  runs: number
  bytes: number
}

/** One run's place, which holds what the run has read of its caller's content. To dispose it gives all of it back. */
export interface RunPlace extends Disposable {
  /** Counts content that the run holds; false when there would be too much of it. */
  hold(bytes: number): boolean
}

/** How many pipelines with steps run in a gateway, and how much of what callers have sent they hold in memory. */
export class RunPlaces {
  readonly #pipelines = new Map<string, Taken>()
  readonly #all: Taken = { runs: 0, bytes: 0 }

  get runs(): number {
    return this.#all.runs
  }

  get contentBytes(): number {
    return this.#all.bytes
  }

  /** Takes a place for a run of a pipeline; undefined when all that it may have are taken. */
  enter(pipeline: string): RunPlace | undefined {
    const taken = this.#pipelines.get(pipeline) ?? { runs: 0, bytes: 0 }
    if (this.#all.runs >= RUNS_MAX || taken.runs >= RUNS_MAX * SHARE) return undefined
    this.#pipelines.set(pipeline, taken)
    taken.runs += 1
    this.#all.runs += 1
    let held = 0
    let isLeft = false
    return {
      hold: (bytes) => {
        const isTooMuch =
          this.#all.bytes + bytes > CONTENT_BYTES_MAX || taken.bytes + bytes > CONTENT_BYTES_MAX * SHARE
        if (isLeft || isTooMuch) return false
        held += bytes
        taken.bytes += bytes
        this.#all.bytes += bytes
        return true
      },
      [Symbol.dispose]: () => {
        if (isLeft) return
        isLeft = true
        taken.runs -= 1
        taken.bytes -= held
        this.#all.runs -= 1
        this.#all.bytes -= held
        if (taken.runs === 0) this.#pipelines.delete(pipeline)
      },
    }
  }
}
