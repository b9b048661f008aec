import { oneOf, present, text } from '../../url/search.ts'

/** What the list of members reads from the URL: its search, and which member is open. */
export function membersSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    search: text(search, 'search'),
    role: text(search, 'role'),
    member: text(search, 'member'),
    dialog: oneOf(search, 'dialog', ['invite'] as const),
  })
}

export type MembersSearch = ReturnType<typeof membersSearch>
