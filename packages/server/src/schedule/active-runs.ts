import type { DueRun, ScheduleRuns } from './schedule-runs.ts'

/** How often the store learns that an exclusive run goes on, in ms. */
const BEAT_MS = 5_000

/** Why a run ends before its last step. */
export type EndReason = 'replaced' | 'interrupted'

/** A run in progress in this process. */
export class ActiveRun {
  readonly run: DueRun
  readonly #ending = new AbortController()
  #beatAtMs: number
  #isBeating = false

  constructor(run: DueRun, monotonicMs: number) {
    this.run = run
    this.#beatAtMs = monotonicMs + BEAT_MS
  }

  /** Aborted when the run must end. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** Null unless the run was ended. */
  endReason: EndReason | null = null

  end(reason: EndReason): void {
    this.endReason ??= reason
    this.#ending.abort()
  }

  /** Gives a sign of life if it is time, and ends the run if another process wants that or has taken it for dead. */
  async beat(runs: Pick<ScheduleRuns, 'beat'>, monotonicMs: number): Promise<void> {
    if (!this.run.isExclusive || this.#isBeating || monotonicMs < this.#beatAtMs) return
    this.#isBeating = true
    this.#beatAtMs = monotonicMs + BEAT_MS
    try {
      const state = await runs.beat(this.run)
      if (state === 'ending') this.end('replaced')
      if (state === 'ended') this.end('interrupted')
    } finally {
      this.#isBeating = false
    }
  }
}
