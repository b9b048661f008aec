import type { LinkedProvider, Passkey } from '@sallyport/sdk'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { t } from '../../../texts/texts.ts'
import { useEndSessions, useRemoveAuthenticator, useRemovePasskey, useUnlinkProvider } from '../mutations.ts'

interface Closes {
  readonly onClose: () => void
}

/*
 * Questions before a way to sign in, or a session, is gone.
 */

export function RemoveAuthenticator({ onClose }: Closes) {
  const remove = useRemoveAuthenticator()
  const { title, text, submit } = t.profile.factor.removing
  return (
    <Confirm
      title={title}
      submit={submit}
      isDestructive
      isPending={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{text}</p>
    </Confirm>
  )
}

export function RemovePasskey({ passkey, onClose }: Closes & { readonly passkey: Passkey }) {
  const remove = useRemovePasskey()
  const { title, text, submit } = t.profile.passkeys.removing
  return (
    <Confirm
      title={title(passkey.name)}
      submit={submit}
      isDestructive
      isPending={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate(passkey, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{text}</p>
    </Confirm>
  )
}

export function UnlinkProvider({ provider, onClose }: Closes & { readonly provider: LinkedProvider }) {
  const unlink = useUnlinkProvider()
  const { title, text, submit } = t.profile.providers.unlinking
  return (
    <Confirm
      title={title(provider.name)}
      submit={submit}
      isDestructive
      isPending={unlink.isPending}
      error={unlink.error}
      onSubmit={() => unlink.mutate(provider, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{text(provider.name)}</p>
    </Confirm>
  )
}

export function EndSessions({ onClose }: Closes) {
  const end = useEndSessions()
  const { title, text, submit } = t.profile.sessions.ending
  return (
    <Confirm
      title={title}
      submit={submit}
      isDestructive
      isPending={end.isPending}
      error={end.error}
      onSubmit={() => end.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{text}</p>
    </Confirm>
  )
}
