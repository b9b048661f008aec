import type { Logger } from 'pino'

/** At most one line is written in this time, in ms, so that a dead collector does not fill the log. */
const QUIET_MS = 60_000

/** Logs failed exports at a bounded rate. */
export class ExportFaults {
  readonly #logger: Logger
  readonly #monotonicMs: () => number
  #quietUntilMs = -Infinity
  #unlogged = 0

  constructor(logger: Logger, monotonicMs: () => number) {
    this.#logger = logger
    this.#monotonicMs = monotonicMs
  }

  /** @param error whose message has no secret */
  report(error: unknown): void {
    const nowMs = this.#monotonicMs()
    if (nowMs < this.#quietUntilMs) {
      this.#unlogged += 1
      return
    }
    this.#quietUntilMs = nowMs + QUIET_MS
    const reason = error instanceof Error ? error.message : String(error)
    this.#logger.warn(
      { reason: reason.slice(0, 300), failuresSinceLastLine: this.#unlogged },
      'metrics or traces were not exported; requests are not affected',
    )
    this.#unlogged = 0
  }
}
