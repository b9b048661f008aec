import { randomBytes } from 'node:crypto'
import type { UsageReport, UsageRow } from '../store/port/usage.ts'
import { UseCounts, type RoutedDecision } from './use-counts.ts'

/** Takes the counts of a report. */
export type UsageSink = (rows: readonly UsageRow[], report: UsageReport) => Promise<void>

export interface UsageRecorderDeps {
  /** Stores the counts; rejects if they may not be stored. Then they are sent again, under the same number. */
  readonly sink: UsageSink
  /** Called once for each outage of the store, and not for each flush that fails. */
  readonly onFault: (cause: unknown) => void
  /** Called with requests that were not counted for their keys, or not at all, because too many counts wait. */
  readonly onLoss: (losses: { readonly withoutKey: number; readonly dropped: number }) => void
}

/** Counts that were taken, and their report. */
interface Batch {
  readonly rows: readonly UsageRow[]
  readonly report: UsageReport
}

/** How often counts are flushed. Requests never wait for a write. */
const FLUSH_MS = 1000
/** Counts in one write. Other writes take their turns between two of them. */
const WRITTEN_COUNTS_MAX = 1_000

/** Counts requests in memory, and flushes the counts each second and on disposal. */
export class UsageRecorder implements AsyncDisposable {
  readonly #deps: UsageRecorderDeps
  readonly #timer: NodeJS.Timeout
  readonly #counts = new UseCounts()
  readonly #source = randomBytes(16).toString('hex')
  #number = 0
  /** Counts that may be stored, although there was no answer. They are sent again as they are, before all others. */
  #unanswered: Batch | undefined
  #flushing: Promise<void> | null = null
  #isFaulty = false

  constructor(deps: UsageRecorderDeps) {
    this.#deps = deps
    this.#timer = setInterval(() => void this.#flush(), FLUSH_MS)
    this.#timer.unref()
  }

  /** Counts a request. @param atMs in ms since 1970 */
  record(
    decision: RoutedDecision,
    atMs: number,
    address: string | null,
    userAgent: string | null = null,
  ): void {
    this.#counts.add(decision, atMs, address, userAgent)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#flushing
    // Counts that an unavailable store does not accept now are lost, so that disposal ends quickly.
    await this.#flush()
  }

  /** Stores all counts, unless a flush is in progress: the next one stores what was counted meanwhile. */
  #flush(): Promise<void> {
    this.#flushing ??= this.#writeAll().finally(() => {
      this.#flushing = null
    })
    return this.#flushing
  }

  async #writeAll(): Promise<void> {
    const losses = this.#counts.takeLosses()
    if (losses.withoutKey > 0 || losses.dropped > 0) this.#deps.onLoss(losses)
    let isClosed = false
    for (;;) {
      const batch = this.#unanswered ?? this.#take()
      if (batch === undefined) {
        if (isClosed) return
        // Not before what waits is stored: until then, more requests with the same facts take no more memory.
        this.#counts.close()
        isClosed = true
        continue
      }
      try {
        this.#unanswered = batch
        await this.#deps.sink(batch.rows, batch.report)
        this.#unanswered = undefined
        this.#isFaulty = false
      } catch (cause) {
        if (!this.#isFaulty) this.#deps.onFault(cause)
        this.#isFaulty = true
        return
      }
    }
  }

  #take(): Batch | undefined {
    const rows = this.#counts.take(WRITTEN_COUNTS_MAX)
    if (rows.length === 0) return undefined
    this.#number += 1
    return { rows, report: { source: this.#source, number: this.#number } }
  }
}
