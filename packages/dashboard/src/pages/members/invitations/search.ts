import { oneOf, present, text } from '../../../url/search.ts'

/** What the list of invitations reads from the URL: which one is open. */
export function invitationsSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    invitation: text(search, 'invitation'),
    dialog: oneOf(search, 'dialog', ['invite'] as const),
  })
}

export type InvitationsSearch = ReturnType<typeof invitationsSearch>
