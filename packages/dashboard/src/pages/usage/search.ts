import { oneOf, present, text } from '../../url/search.ts'
import { PERIODS } from '../../data/usage/periods.ts'

export const GROUPS = ['code', 'key', 'consumer', 'pipeline', 'version', 'environment'] as const
export type Group = (typeof GROUPS)[number]
export const INTERVALS = ['minute', 'hour', 'day'] as const

/** A day of UTC, such as 2026-11-27. */
function dayOf(search: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = text(search, name)
  return value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined
}

/** What the page of usage reads from the URL: the time, how it is grouped, and what is counted. */
export function usageSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    period: oneOf(search, 'period', PERIODS),
    from: dayOf(search, 'from'),
    to: dayOf(search, 'to'),
    interval: oneOf(search, 'interval', INTERVALS),
    by: oneOf(search, 'by', GROUPS),
    code: text(search, 'code'),
    key: text(search, 'key'),
    consumer: text(search, 'consumer'),
    pipeline: text(search, 'pipeline'),
    version: text(search, 'version'),
  })
}

export type UsageSearch = ReturnType<typeof usageSearch>
