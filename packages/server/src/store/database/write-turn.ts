import { Problem } from '@sallyport/core'

/** Why a write is refused whose time is over. */
export function writeTooLate(): Problem {
  return new Problem('unavailable', {
    detail:
      'The write could not be done in time, and was not done. The error is on our side. Try again shortly.',
    cause: new Error('a write reached its deadline'),
  })
}

/** Why a write is refused of which the database did not say that it is committed. */
export function writeUnconfirmed(cause: unknown): Problem {
  return new Problem('unavailable', {
    detail:
      'The database did not confirm the write, so it may have been done. The error is on our side. ' +
      'Repeat the request with the same `Idempotency-Key`, or read the resource first.',
    cause,
  })
}

/**
 * The deadlines of the writes in the transaction that is running; a process runs one at a time. After the earliest of them the
 * transaction can neither run a statement nor commit.
 */
export class WriteTurn {
  readonly #monotonicMs: () => number
  readonly #cut: () => void
  /** By the monotonic clock. */
  readonly #deadlinesMs: number[] = []
  #deadlineMs = Infinity
  #isCommitting = false

  /** @param cut ends the connection of the running transaction, which may wait for an answer that never comes */
  constructor(monotonicMs: () => number, cut: () => void) {
    this.#monotonicMs = monotonicMs
    this.#cut = cut
  }

  /** Begins a transaction. @param deadlineMs of its first write, by the monotonic clock */
  start(deadlineMs: number): void {
    this.end()
    this.#isCommitting = false
    this.join(deadlineMs)
  }

  /** Adds a write to the transaction. @param deadlineMs by the monotonic clock */
  join(deadlineMs: number): void {
    this.#deadlinesMs.push(deadlineMs)
    this.#deadlineMs = Math.min(...this.#deadlinesMs)
  }

  /** The newest write has left the transaction. */
  leave(): void {
    this.#deadlinesMs.pop()
    this.#deadlineMs = Math.min(...this.#deadlinesMs)
  }

  end(): void {
    this.#deadlinesMs.length = 0
    this.#deadlineMs = Infinity
  }

  cut(): void {
    this.#cut()
  }

  /** The time left, in whole ms; infinite for work without a deadline, such as migrations. */
  get remainingMs(): number {
    return Math.max(0, Math.ceil(this.#deadlineMs - this.#monotonicMs()))
  }

  /** Called when the commit is sent, after which the writes may be done whatever happens. */
  commits(): void {
    this.#isCommitting = true
  }

  /** Why the running transaction is refused at a deadline. */
  refusal(): Problem {
    return this.#isCommitting
      ? writeUnconfirmed(new Error('a write reached its deadline during its commit'))
      : writeTooLate()
  }

  /** @throws Problem `unavailable` after the deadline */
  requireTime(): void {
    if (this.#monotonicMs() >= this.#deadlineMs) throw writeTooLate()
  }
}
