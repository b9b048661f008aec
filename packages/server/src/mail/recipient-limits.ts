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
  'organization-notice': 60,
  events: 60,
}
/** The most notices about one organization to one address an hour, so that none uses up the limit of the others. */
const NOTICES_OF_ORGANIZATION_PER_HOUR = 20
/** The most counters in memory; beyond that, the least recently used one is dropped. */
const COUNTERS_MAX = 10_000

/** Limits the mails to each address, so that nobody can be flooded through us. */
export class RecipientLimits {
  readonly #counters: RequestCounters

  constructor(monotonicMs: () => number) {
    this.#counters = new RequestCounters(monotonicMs, COUNTERS_MAX)
  }

  /** Counts a mail if its address may get one more. @returns false otherwise */
  take(mail: Pick<Mail, 'kind' | 'to' | 'organization'>): boolean {
    const looks = limitsOf(mail).map(([name, requests]) =>
      this.#counters.look(name, { requests, per: 'hour' }),
    )
    if (!looks.every(({ verdict }) => verdict.allowed)) return false
    for (const { count } of looks) count()
    return true
  }
}

/** The counters of a mail, each with its limit for an hour. */
function limitsOf({
  kind,
  to,
  organization,
}: Pick<Mail, 'kind' | 'to' | 'organization'>): [string, number][] {
  const name = `${kind} ${to.toLowerCase()}`
  const ofAddress: [string, number] = [name, MAILS_PER_HOUR[kind]]
  if (kind !== 'organization-notice' || organization === null) return [ofAddress]
  return [ofAddress, [`${name} ${organization}`, NOTICES_OF_ORGANIZATION_PER_HOUR]]
}
