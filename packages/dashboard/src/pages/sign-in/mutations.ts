import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { signInWithPasskey } from '../../data/passkeys.ts'
import { sallyport } from '../../data/sallyport.ts'
import { sessionQuery } from '../../data/session.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
  readonly code?: string
}

/** The longest path that the server returns to, in characters. */
const RETURN_CHARS_MAX = 512

/** A way to sign in. Afterwards the routes decide where to go. Nothing keeps what was typed. */
function useWayIn<Input = void>(signIn: (input: Input) => Promise<unknown>) {
  const queries = useQueryClient()
  const router = useRouter()
  return useMutation({
    mutationFn: signIn,
    onSuccess: async () => {
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
      await router.invalidate()
    },
  })
}

export function useSignIn() {
  return useWayIn(async (credentials: Credentials) => await sallyport.signIn(credentials))
}

export function useSignInWithPasskey() {
  return useWayIn(async () => await signInWithPasskey())
}

/** Sends the second factor that the session lacks. */
export function useSendCode() {
  return useWayIn(async (code: string) => await sallyport.verifySecondFactor({ code }))
}

/** Ends a session that lacks its second factor, to sign in as another person. */
export function useStartAgain() {
  return useWayIn(async () => await sallyport.signOut())
}

/** Leads to a provider, which leads back to the sign-in, with an error if it refused. */
export function useSignInWithProvider(returnTo: string | undefined) {
  return useMutation({
    mutationFn: async (provider: string) => {
      const path = returnTo === undefined ? '/sign-in' : `/sign-in?returnTo=${encodeURIComponent(returnTo)}`
      const { url } = await sallyport.beginProviderSignIn({
        provider,
        returnTo: path.length > RETURN_CHARS_MAX ? '/sign-in' : path,
      })
      location.assign(url)
    },
  })
}
