import type { QueryClient } from '@tanstack/react-query'
import { sessionQuery } from '../data/session.ts'
import { noteSession } from '../data/session-end.ts'

/** Calls `ended` when a session is found to have ended. */
export function onSessionEnd(queries: QueryClient, ended: () => void): void {
  const [key] = sessionQuery.queryKey
  let isSignedIn = false
  queries.getQueryCache().subscribe(({ query }) => {
    if (query.queryKey[0] !== key) return
    const wasSignedIn = isSignedIn
    isSignedIn = query.state.data !== null && query.state.data !== undefined
    if (wasSignedIn !== isSignedIn) noteSession(isSignedIn)
    if (wasSignedIn && !isSignedIn) ended()
  })
}
