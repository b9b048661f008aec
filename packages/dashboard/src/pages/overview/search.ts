import { oneOf, present, text } from '../../url/search.ts'

export const OVERVIEW_PERIODS = ['24h', '7d', '30d'] as const

/** What the overview reads from the URL: its period, and the reason that its chart shows in full red. */
export function overviewSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    period: oneOf(search, 'period', OVERVIEW_PERIODS),
    reason: text(search, 'reason'),
  })
}

export type OverviewSearch = ReturnType<typeof overviewSearch>
