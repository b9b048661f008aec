import { useQuery } from '@tanstack/react-query'
import { passkeysQuery } from '../../data/passkeys.ts'
import { AddAuthenticator } from './dialogs/add-authenticator.tsx'
import { ChangePassword } from './dialogs/change-password.tsx'
import { AddPasskey, RenamePasskey } from './dialogs/name-passkey.tsx'
import { EndSessions, RemoveAuthenticator, RemovePasskey, UnlinkProvider } from './dialogs/removals.tsx'
import { ReplaceCodes } from './dialogs/replace-codes.tsx'
import { useDialogs } from './dialogs.ts'
import { linkedProvidersQuery } from './queries.ts'
import type { ProfileSearch } from './search.ts'

/** What the URL says lies over the profile. */
export function ProfileDialogs({ dialog, of }: Pick<ProfileSearch, 'dialog' | 'of'>) {
  const { close } = useDialogs()
  const { data: passkeys = [] } = useQuery(passkeysQuery)
  const { data: providers = [] } = useQuery(linkedProvidersQuery)
  const passkey = passkeys.find(({ id }) => id === of)
  const provider = providers.find(({ id }) => id === of)
  switch (dialog) {
    case 'password':
      return <ChangePassword onClose={close} />
    case 'authenticator':
      return <AddAuthenticator onClose={close} />
    case 'recovery-codes':
      return <ReplaceCodes onClose={close} />
    case 'remove-authenticator':
      return <RemoveAuthenticator onClose={close} />
    case 'add-passkey':
      return <AddPasskey onClose={close} />
    case 'rename-passkey':
      return passkey !== undefined && <RenamePasskey passkey={passkey} onClose={close} />
    case 'remove-passkey':
      return passkey !== undefined && <RemovePasskey passkey={passkey} onClose={close} />
    case 'unlink':
      return provider !== undefined && <UnlinkProvider provider={provider} onClose={close} />
    case 'end-sessions':
      return <EndSessions onClose={close} />
    case undefined:
      return null
  }
}
