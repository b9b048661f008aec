import type { ChangePasswordInput, LinkedProvider, Passkey, WebSession } from '@sallyport/sdk'
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { addPasskey, passkeysQuery } from '../../data/passkeys.ts'
import { sallyport } from '../../data/sallyport.ts'
import { secondFactorQuery } from '../../data/second-factor.ts'
import { sessionQuery } from '../../data/session.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'
import { linkedProvidersQuery, otherSessionsQuery } from './queries.ts'

/*
 * What a person changes about themselves. Nothing keeps passwords, secrets and codes once the form is gone.
 */

function useOwnChange<Input = void, Output = unknown>(
  change: (input: Input) => Promise<Output>,
  readAgain: readonly { readonly queryKey: QueryKey }[],
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      for (const { queryKey } of [sessionQuery, ...readAgain]) void queries.invalidateQueries({ queryKey })
    },
  })
}

export function useChangePassword() {
  return useOwnChange(
    async (input: ChangePasswordInput) => {
      await sallyport.changePassword(input)
      say(t.profile.password.done)
    },
    [otherSessionsQuery],
  )
}

export function useBeginAuthenticator() {
  return useOwnChange(async () => await sallyport.beginSecondFactor(), [])
}

export function useConfirmAuthenticator() {
  return useOwnChange(
    async (code: string) => await sallyport.confirmSecondFactor({ code }),
    [secondFactorQuery, otherSessionsQuery],
  )
}

export function useReplaceRecoveryCodes() {
  return useOwnChange(async () => await sallyport.replaceRecoveryCodes(), [secondFactorQuery])
}

export function useRemoveAuthenticator() {
  return useOwnChange(async () => {
    await sallyport.removeSecondFactor()
    say(t.profile.factor.removed)
  }, [secondFactorQuery, otherSessionsQuery])
}

export function useAddPasskey() {
  return useOwnChange(
    async (name: string) => {
      await addPasskey(name)
      say(t.profile.passkeys.added(name))
    },
    [passkeysQuery],
  )
}

export function useRenamePasskey() {
  return useOwnChange(
    async (input: Pick<Passkey, 'id' | 'name'>) =>
      await sallyport.renamePasskey({ passkey: input.id, name: input.name }),
    [passkeysQuery],
  )
}

export function useRemovePasskey() {
  return useOwnChange(
    async ({ id, name }: Passkey) => {
      await sallyport.removePasskey({ passkey: id })
      say(t.profile.passkeys.removed(name))
    },
    [passkeysQuery, otherSessionsQuery],
  )
}

/** Leads to the provider, which leads back to the profile, with an error if it refused. */
export function useLinkProvider(organization: string | undefined) {
  return useMutation({
    mutationFn: async (provider: string) => {
      const from = organization === undefined ? '' : `?organization=${encodeURIComponent(organization)}`
      const { url } = await sallyport.beginProviderLink({ provider, returnTo: `/profile${from}` })
      location.assign(url)
    },
  })
}

export function useUnlinkProvider() {
  return useOwnChange(
    async ({ id, name }: LinkedProvider) => {
      await sallyport.unlinkProvider({ provider: id })
      say(t.profile.providers.unlinked(name))
    },
    [linkedProvidersQuery, otherSessionsQuery],
  )
}

export function useEndSession() {
  return useOwnChange(
    async ({ id }: WebSession) => {
      await sallyport.endOtherSession({ session: id })
      say(t.profile.sessions.ended)
    },
    [otherSessionsQuery],
  )
}

export function useEndSessions() {
  return useOwnChange(async () => {
    await sallyport.endOtherSessions()
    say(t.profile.sessions.allEnded)
  }, [otherSessionsQuery])
}
