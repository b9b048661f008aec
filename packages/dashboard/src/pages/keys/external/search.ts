import { oneOf, present, text } from '../../../url/search.ts'

export const STATUSES = ['active', 'refused', 'off'] as const

/** What the list of external keys reads from the URL: its search, its filters, and which key is open. */
export function externalKeysSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    search: text(search, 'search'),
    owner: text(search, 'owner'),
    role: text(search, 'role'),
    status: oneOf(search, 'status', STATUSES),
    external: text(search, 'external'),
    form: oneOf(search, 'form', ['add', 'edit'] as const),
  })
}

export type ExternalKeysSearch = ReturnType<typeof externalKeysSearch>
