import type { Session } from '@sallyport/sdk'
import { queryOptions } from '@tanstack/react-query'
import { isSignedOut } from './failures.ts'
import { sallyport } from './sallyport.ts'

export type SessionOrganization = Session['organizations'][number]

/** How long a session counts as known, in ms. A call that it no longer covers ends it at once. */
const SESSION_MS = 60_000

/** The session of the person who is signed in; null without one. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: SESSION_MS,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await sallyport.getSession({}, { signal })
    } catch (error) {
      if (isSignedOut(error)) return null
      throw error
    }
  },
})

/** Whether set-up is over. Once it is, it stays so. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: async ({ signal }) => await sallyport.getSetup({}, { signal }),
})
