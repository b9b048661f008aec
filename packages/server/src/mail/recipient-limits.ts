import { RequestCounters } from '../fairness/request-counters.ts'
import type { Mail, MailKind } from './mail.ts'

/**
 * The most mails to one address an hour. Strangers can cause invitations and links for a new password, but only what
 * happens to the account causes notices. Events of one organization come at most every 10 minutes, but a person can own many.
 */
const MAILS_PER_HOUR: Readonly<Record<MailKind, number>> = {
  invitation: 5,
  'password-reset': 5,
  notice: 30,
  events: 60,
}
/** The most counters in memory; beyond that, the least recently used one is dropped. */
const COUNTERS_MAX = 10_000

/** Limits the mails to each address, so that nobody can be flooded through us. */
export class RecipientLimits {
  readonly #counters: RequestCounters

  constructor(monotonicMs: () => number) {
    this.#counters = new RequestCounters(monotonicMs, COUNTERS_MAX)
  }

  /** Counts a mail if its address may get one more. @returns false otherwise */
  take({ kind, to }: Pick<Mail, 'kind' | 'to'>): boolean {
    const limit = { requests: MAILS_PER_HOUR[kind], per: 'hour' } as const
    const { verdict, count } = this.#counters.look(`${kind} ${to.toLowerCase()}`, limit)
    if (verdict.allowed) count()
    return verdict.allowed
  }
}
