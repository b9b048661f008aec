import { CallerGone } from '../request/request-body.ts'

/** The pipeline's time is over. */
class TimeOver extends Error {
  override readonly name = 'TimeOver'
}

/** The one clock of a run, from its first byte to its last step. To dispose it stops it. */
export class RunClock implements Disposable {
  readonly #ending = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #endsAtMs: number

  constructor(timeoutMs: number) {
    this.#endsAtMs = performance.now() + timeoutMs
    this.#timer = setTimeout(() => this.#ending.abort(new TimeOver('the pipeline took too long')), timeoutMs)
  }

  /** Aborted when the time is over or the caller is gone. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** What is left, in ms; at least 1, so that it can be the time of a clock that goes on from here. */
  get remainingMs(): number {
    return Math.max(1, Math.ceil(this.#endsAtMs - performance.now()))
  }

  /** Ends the run at once: nobody waits for it. */
  readonly callerGone = (): void => {
    clearTimeout(this.#timer)
    this.#ending.abort(new CallerGone('the caller went away'))
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}
