import { queryOptions } from '@tanstack/react-query'
import { isSignedOut } from '../../../data/failures.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { portalQueries, STANDING, type Standing } from './portal-client.ts'

/** How often it is asked whether the session is still open, in ms. */
const ASK_MS = 30_000

/** The portal session of this browser. */
export const standingQuery = queryOptions({
  queryKey: STANDING,
  queryFn: async ({ signal }): Promise<Standing> => {
    try {
      return { kind: 'open', portal: await sallyport.getPortal({}, { signal }) }
    } catch (error) {
      if (!isSignedOut(error)) throw error
      const before = portalQueries.getQueryData<Standing>(STANDING)
      if (before?.kind === 'ended') return before
      return { kind: before?.kind === 'open' ? 'ended' : 'none', why: error.detail }
    }
  },
  refetchInterval: ({ state }) => (state.data?.kind === 'open' ? ASK_MS : false),
})
