import type { SallyportError } from '@sallyport/sdk'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { noteLost, onRecovery } from '../connection.ts'
import { isSignedOut, isUnreachable } from '../failures.ts'
import { shareTagged } from './share-tagged.ts'

/** How long what was read counts as new, in ms. It is read again when a page shows it after that. */
const FRESH_MS = 10_000

/**
 * Keeps what was read from the server. The SDK repeats calls, so nothing here does.
 *
 * @param onSignedOut is told of each call that failed because the session has ended
 */
export function createQueryClient(onSignedOut: (error: SallyportError) => void): QueryClient {
  const noteFailure = (error: unknown): void => {
    if (isSignedOut(error)) onSignedOut(error)
    if (isUnreachable(error)) noteLost()
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: noteFailure }),
    mutationCache: new MutationCache({ onError: noteFailure }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: false,
        networkMode: 'always',
        structuralSharing: shareTagged,
      },
      // A password that was sent and a token in an answer go with the part of the page that used them.
      mutations: { retry: false, networkMode: 'always', gcTime: 0 },
    },
  })
  onRecovery(() => void client.invalidateQueries())
  return client
}
