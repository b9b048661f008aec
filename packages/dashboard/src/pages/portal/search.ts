import type { PeriodName } from '../../data/usage/periods.ts'
import { oneOf, present, text } from '../../url/search.ts'

export const LANGUAGES = ['curl', 'javascript', 'python'] as const
export type Language = (typeof LANGUAGES)[number]
export const PORTAL_PERIODS = ['24h', '7d', '30d'] as const satisfies readonly PeriodName[]

/** What the portal reads from the URL: which key is open, what is to be called and how, and of when the usage is. */
export function portalSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    key: text(search, 'key'),
    dialog: oneOf(search, 'dialog', ['create'] as const),
    call: text(search, 'call'),
    language: oneOf(search, 'language', LANGUAGES),
    period: oneOf(search, 'period', PORTAL_PERIODS),
  })
}

export type PortalSearch = ReturnType<typeof portalSearch>
