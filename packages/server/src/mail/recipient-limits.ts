import { gcra, WINDOW_MS } from '@sallyport/core'
import type { Mail, MailKind } from './mail.ts'

/**
 * The most mails to one address an hour. Strangers can cause invitations and links for a new password, but only what
 * happens to the account causes notices.
 */
const MAILS_PER_HOUR: Readonly<Record<MailKind, number>> = { invitation: 5, 'password-reset': 5, notice: 30 }
/** The most counters in memory; beyond that, the least recently used one is dropped. */
const COUNTERS_MAX = 10_000

interface Counter {
  readonly level: number
  readonly atMs: number
}

/** Limits the mails to each address, so that nobody can be flooded through us. */
export class RecipientLimits {
  readonly #counters = new Map<string, Counter>()
  readonly #monotonicMs: () => number

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs
  }

  /** Counts a mail if its address may get one more. @returns false otherwise */
  take({ kind, to }: Pick<Mail, 'kind' | 'to'>): boolean {
    const nowMs = this.#monotonicMs()
    const name = `${kind} ${to.toLowerCase()}`
    const { level, atMs } = this.#counters.get(name) ?? { level: 0, atMs: nowMs }
    const verdict = gcra(MAILS_PER_HOUR[kind], WINDOW_MS.hour, level, atMs, nowMs)
    // Deleting first moves the counter to the end of the map.
    this.#counters.delete(name)
    this.#counters.set(name, { level: verdict.level, atMs: nowMs })
    if (this.#counters.size > COUNTERS_MAX) {
      const [oldest] = this.#counters.keys()
      if (oldest !== undefined) this.#counters.delete(oldest)
    }
    return verdict.allowed
  }
}
