import type { RequestEntry } from './request-entry.ts'
import type { RequestRecord } from './request-record.ts'

/** How often requests are reported, in ms, and how many of each outcome at most. */
const REPORT_MS = 1_000
const PER_OUTCOME_MAX = 100

export interface RequestSamplesDeps {
  /** Takes requests that have ended. What it cannot take is lost: others follow. */
  readonly report: (records: readonly RequestRecord[]) => Promise<void>
}

/**
 * A sample of the requests of a gateway for its control node: the first of each second, those let in and those refused apart, so
 * that a caller who is refused in a loop displaces no other.
 */
export class RequestSamples implements Disposable {
  readonly #report: RequestSamplesDeps['report']
  readonly #timer: NodeJS.Timeout
  #letIn: RequestEntry[] = []
  #refused: RequestEntry[] = []

  constructor({ report }: RequestSamplesDeps) {
    this.#report = report
    this.#timer = setInterval(() => this.#flush(), REPORT_MS)
    this.#timer.unref()
  }

  add(entry: RequestEntry): void {
    if (entry.organization === null) return
    const list = entry.isRefused ? this.#refused : this.#letIn
    if (list.length < PER_OUTCOME_MAX) list.push(entry)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#flush()
  }

  #flush(): void {
    const entries = [...this.#letIn, ...this.#refused]
    if (entries.length === 0) return
    this.#letIn = []
    this.#refused = []
    // Nothing waits for it.
    void this.#report(entries.map((entry) => entry.toRecord())).catch(() => undefined)
  }
}
