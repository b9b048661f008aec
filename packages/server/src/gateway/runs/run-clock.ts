import { Problem } from '@sallyport/core'
import { CallerGone } from '../request/request-body.ts'

/** The pipeline exceeded its timeout. */
class RunTimeout extends Error {
  override readonly name = 'RunTimeout'
}

/** The timer of a whole run, from the first byte of the body to the last step. Disposing stops it. */
export class RunClock implements Disposable {
  readonly #ending = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #endsAtMs: number

  constructor(timeoutMs: number) {
    this.#endsAtMs = performance.now() + timeoutMs
    this.#timer = setTimeout(
      () => this.#ending.abort(new RunTimeout('the pipeline exceeded its timeout')),
      timeoutMs,
    )
  }

  /** Aborted when the time is up, when the caller has disconnected, or with a Problem when the run cannot go on. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** The remaining time in ms; at least 1, so that it is a valid timeout. */
  get remainingMs(): number {
    return Math.max(1, Math.ceil(this.#endsAtMs - performance.now()))
  }

  /** Aborts the run because the caller has disconnected. */
  readonly callerGone = (): void => {
    clearTimeout(this.#timer)
    this.#ending.abort(new CallerGone('the caller disconnected'))
  }

  /** Aborts the run because the gateway cannot tell for long whether it is still allowed. */
  heldTooLong(): void {
    this.#ending.abort(new Problem('snapshot_stale'))
  }

  /** Aborts the run because it is no longer allowed. The outcome then does not matter. */
  cut(): void {
    this.callerGone()
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}
