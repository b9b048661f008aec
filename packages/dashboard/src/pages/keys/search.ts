import { oneOf, present, text } from '../../url/search.ts'

export const STATES = ['active', 'rolling', 'inactive', 'expired', 'deleted'] as const
export const FRESHNESS = ['fresh', 'due', 'overdue'] as const
export const TYPES = ['secret', 'public'] as const
const SORTS = [
  'createdAt',
  '-createdAt',
  'expiresAt',
  '-expiresAt',
  'lastUsedAt',
  '-lastUsedAt',
  'name',
  '-name',
] as const
/** Questions about when a key was used or ends, which the server has several parameters for. */
export const USES = ['never', '30', '90', 'old-secret'] as const
export const ENDS = ['7', '30', '90'] as const

/** What the list of keys reads from the URL: its filters, its order, and which key is open. */
export function keysSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    search: text(search, 'search'),
    type: oneOf(search, 'type', TYPES),
    state: oneOf(search, 'state', STATES),
    freshness: oneOf(search, 'freshness', FRESHNESS),
    consumer: text(search, 'consumer'),
    role: text(search, 'role'),
    unused: oneOf(search, 'unused', USES),
    ends: oneOf(search, 'ends', ENDS),
    sort: oneOf(search, 'sort', SORTS),
    key: text(search, 'key'),
    dialog: oneOf(search, 'dialog', ['create', 'look-up'] as const),
  })
}

export type KeysSearch = ReturnType<typeof keysSearch>

/** Whether a search or a filter hides keys. */
export function isFiltered({ sort: _sort, key: _key, dialog: _dialog, ...filters }: KeysSearch): boolean {
  return Object.values(filters).some((value) => value !== undefined)
}
