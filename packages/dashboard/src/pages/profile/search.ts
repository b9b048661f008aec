import { oneOf, present, text } from '../../url/search.ts'

/** What can lie over the profile. */
export const PROFILE_DIALOGS = [
  'password',
  'authenticator',
  'recovery-codes',
  'remove-authenticator',
  'add-passkey',
  'rename-passkey',
  'remove-passkey',
  'unlink',
  'end-sessions',
] as const

export type ProfileDialog = (typeof PROFILE_DIALOGS)[number]

/** What a provider answered to a link, in the URL that the server returns to. */
const LINK_ERRORS = ['link_failed', 'sign_in_failed', 'provider_unavailable'] as const

/** What the profile reads from the URL. */
export function profileSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    /** Where the person came from. */
    organization: text(search, 'organization'),
    dialog: oneOf(search, 'dialog', PROFILE_DIALOGS),
    /** What the dialog is about: a passkey or a provider. */
    of: text(search, 'of'),
    error: oneOf(search, 'error', LINK_ERRORS),
  })
}

export type ProfileSearch = ReturnType<typeof profileSearch>
