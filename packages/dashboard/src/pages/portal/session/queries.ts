import { queryOptions } from '@tanstack/react-query'
import { isSignedOut } from '../../../data/failures.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { askAgainMs } from './ask-again.ts'
import { portalQueries, STANDING, type Standing } from './portal-client.ts'

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
  refetchInterval: ({ state: { data } }) =>
    data?.kind === 'open' ? askAgainMs(data.portal.expiresAt, Date.now()) : false,
})
