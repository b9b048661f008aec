import { oneOf, present, text } from '../../url/search.ts'

export const SINCE_DAYS = { '24h': 1, '7d': 7, '30d': 30, '90d': 90 } as const
export type Since = keyof typeof SINCE_DAYS
export const SINCES = ['24h', '7d', '30d', '90d'] as const

/** What the audit log reads from the URL: its filters, and which event is open. */
export function auditSearch(search: Readonly<Record<string, unknown>>) {
  const event = Number(text(search, 'event'))
  return present({
    actor: text(search, 'actor'),
    action: text(search, 'action'),
    target: text(search, 'target'),
    since: oneOf(search, 'since', SINCES),
    event: Number.isSafeInteger(event) && event > 0 ? event : undefined,
  })
}

export type AuditSearch = ReturnType<typeof auditSearch>
