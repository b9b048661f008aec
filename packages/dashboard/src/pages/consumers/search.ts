import { oneOf, present, text } from '../../url/search.ts'

export const STATES = ['active', 'inactive'] as const

/** What the list of consumers reads from the URL: its search, and which consumer is open. */
export function consumersSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    search: text(search, 'search'),
    status: oneOf(search, 'status', STATES),
    consumer: text(search, 'consumer'),
    dialog: oneOf(search, 'dialog', ['create'] as const),
    /** The environment and the pipeline that the form for a new consumer begins with. */
    to: text(search, 'to'),
    pipeline: text(search, 'pipeline'),
  })
}

export type ConsumersSearch = ReturnType<typeof consumersSearch>
