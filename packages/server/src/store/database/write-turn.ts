import { Problem } from '@sallyport/core'

/** Why a write is refused whose time is over. */
export function writeTooLate(): Problem {
  return new Problem('unavailable', {
    detail:
      'The write could not be done in time, and was not done. The error is on our side. Try again shortly.',
    cause: new Error('a write reached its deadline'),
  })
}

/** Why a write is refused whose time is over while the database commits it. */
function writeUnconfirmed(): Problem {
  return new Problem('unavailable', {
    detail:
      'The database did not confirm the write in time, so it may have been done. The error is on our side. ' +
      'Repeat the request with the same `Idempotency-Key`, or read the resource first.',
    cause: new Error('a write reached its deadline during its commit'),
  })
}

/**
 * The deadline of the write transaction that is running; a process runs one at a time. After the deadline the
 * transaction can neither run a statement nor commit.
 */
export class WriteTurn {
  readonly #monotonicMs: () => number
  readonly #cut: () => void
  #deadlineMs = Infinity
  #isCommitting = false

  /** @param cut ends the connection of the running transaction, which may wait for an answer that never comes */
  constructor(monotonicMs: () => number, cut: () => void) {
    this.#monotonicMs = monotonicMs
    this.#cut = cut
  }

  /** @param deadlineMs by the monotonic clock */
  start(deadlineMs: number): void {
    this.#deadlineMs = deadlineMs
    this.#isCommitting = false
  }

  end(): void {
    this.#deadlineMs = Infinity
  }

  cut(): void {
    this.#cut()
  }

  /** The time left, in whole ms; infinite for work without a deadline, such as migrations. */
  get remainingMs(): number {
    return Math.max(0, Math.ceil(this.#deadlineMs - this.#monotonicMs()))
  }

  /** Called when the commit is sent, after which the write may be done whatever happens. */
  commits(): void {
    this.#isCommitting = true
  }

  /** Why the running transaction is refused at its deadline. */
  refusal(): Problem {
    return this.#isCommitting ? writeUnconfirmed() : writeTooLate()
  }

  /** @throws Problem `unavailable` after the deadline */
  requireTime(): void {
    if (this.#monotonicMs() >= this.#deadlineMs) throw writeTooLate()
  }
}
