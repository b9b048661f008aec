import { oneOf, present, text } from '../../url/search.ts'

export const OUTCOMES = ['refused', 'failed', 'allowed'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** What the page of requests reads from the URL: its filters, and which request is open. */
export function requestsSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    requestId: text(search, 'requestId'),
    outcome: oneOf(search, 'outcome', OUTCOMES),
    code: text(search, 'code'),
    key: text(search, 'key'),
    consumer: text(search, 'consumer'),
    pipeline: text(search, 'pipeline'),
    open: text(search, 'open'),
  })
}

export type RequestsSearch = ReturnType<typeof requestsSearch>
