import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { hasCode } from '../../data/failures.ts'
import { canUsePasskeys } from '../../data/passkeys.ts'
import { signInProvidersQuery } from '../../data/providers.ts'
import { Failure } from '../../parts/states/failure.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Note } from '../../parts/states/note.tsx'
import { t } from '../../texts/texts.ts'
import { useSignInWithPasskey, useSignInWithProvider } from './mutations.ts'
import classes from './sign-in-page.module.css'

/** The ways to sign in without a password: a passkey, and the providers of this installation. */
export function OtherWays({ returnTo }: { readonly returnTo: string | undefined }) {
  const passkey = useSignInWithPasskey()
  const provider = useSignInWithProvider(returnTo)
  const { data: providers = [] } = useQuery(signInProvidersQuery)
  const hasPasskeys = canUsePasskeys()
  if (!hasPasskeys && providers.length === 0) return null
  return (
    <div className={classes.others} role="group" aria-label={t.signIn.otherWays}>
      <p className={classes.or} aria-hidden="true">
        {t.signIn.or}
      </p>
      {hasPasskeys && (
        <Button
          leftSection={<Icon small name="keys" />}
          loading={passkey.isPending}
          onClick={() => passkey.mutate()}
        >
          {t.signIn.withPasskey}
        </Button>
      )}
      {providers.map(({ id, name }) => (
        <Button
          key={id}
          loading={provider.isPending && provider.variables === id}
          onClick={() => provider.mutate(id)}
        >
          {t.signIn.with(name)}
        </Button>
      ))}
      {hasCode(passkey.error, 'sign_in_failed') && (
        <Note tone="bad" role="alert" title={t.signIn.wrongPasskey} />
      )}
      {passkey.error !== null && !hasCode(passkey.error, 'sign_in_failed') && (
        <Failure error={passkey.error} retry={() => passkey.mutate()} />
      )}
      {provider.error !== null && (
        <Failure
          error={provider.error}
          retry={() => provider.variables !== undefined && provider.mutate(provider.variables)}
        />
      )}
    </div>
  )
}
