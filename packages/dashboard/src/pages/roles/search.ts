import { oneOf, present, text } from '../../url/search.ts'

export const KINDS = ['built-in', 'own'] as const

/** What the list of roles reads from the URL: its search, and which role is open. */
export function rolesSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    search: text(search, 'search'),
    kind: oneOf(search, 'kind', KINDS),
    role: text(search, 'role'),
  })
}

export type RolesSearch = ReturnType<typeof rolesSearch>

/** Which role is edited; none for a new one. */
export function editRoleSearch(search: Readonly<Record<string, unknown>>) {
  return present({ role: text(search, 'role') })
}
