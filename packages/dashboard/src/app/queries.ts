import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { noteLost, onRecovery } from '../data/connection.ts'
import { isSignedOut, isUnreachable } from '../data/failures.ts'
import { sessionQuery } from '../data/session.ts'

/** How long what was read counts as new, in ms. It is read again when a page shows it after that. */
const FRESH_MS = 10_000

function noteFailure(error: unknown): void {
  if (isSignedOut(error)) queries.setQueryData(sessionQuery.queryKey, null)
  if (isUnreachable(error)) noteLost()
}

/** What was read from the server. The SDK repeats calls, so nothing here does. */
export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteFailure }),
  mutationCache: new MutationCache({ onError: noteFailure }),
  defaultOptions: {
    queries: { staleTime: FRESH_MS, retry: false, networkMode: 'always' },
    // A password that was sent and a token in an answer go with the part of the page that used them.
    mutations: { retry: false, networkMode: 'always', gcTime: 0 },
  },
})

onRecovery(() => void queries.invalidateQueries())
