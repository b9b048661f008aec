import { oneOf, present, text } from '../../url/search.ts'

/** What the page of environments reads from the URL: which one is open. */
export function environmentsSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    open: text(search, 'open'),
    dialog: oneOf(search, 'dialog', ['create'] as const),
  })
}

export type EnvironmentsSearch = ReturnType<typeof environmentsSearch>
