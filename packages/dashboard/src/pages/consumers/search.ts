import { oneOf, present, text } from '../../url/search.ts'

export const STATES = ['active', 'inactive'] as const

/** What the list of consumers reads from the URL: its search, and which consumer is open. */
export function consumersSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    search: text(search, 'search'),
    status: oneOf(search, 'status', STATES),
    consumer: text(search, 'consumer'),
    dialog: oneOf(search, 'dialog', ['create'] as const),
  })
}

export type ConsumersSearch = ReturnType<typeof consumersSearch>
