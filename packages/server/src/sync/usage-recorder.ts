import type { UsageRow } from '../store/port/usage.ts'
import { UseCounts, type RoutedDecision } from './use-counts.ts'

export interface UsageRecorderDeps {
  /** Stores the counts; rejects if they could not be stored. */
  readonly sink: (rows: readonly UsageRow[]) => Promise<void>
  readonly onFault: (cause: unknown) => void
  /** Called with requests that were not counted for their keys, or not at all, because too many counts wait. */
  readonly onLoss: (losses: { readonly withoutKey: number; readonly dropped: number }) => void
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
  #flushing: Promise<void> | null = null

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
      const rows = this.#counts.take(WRITTEN_COUNTS_MAX)
      if (rows.length === 0) {
        if (isClosed) return
        // Not before what waits is stored: until then, more requests with the same facts take no more memory.
        this.#counts.close()
        isClosed = true
        continue
      }
      try {
        await this.#deps.sink(rows)
      } catch (cause) {
        this.#deps.onFault(cause)
        this.#counts.giveBack(rows)
        return
      }
    }
  }
}
