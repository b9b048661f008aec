import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../../data/sallyport.ts'

/** How far back calls are looked for, in days of 24 hours: nearly as far as one question to the server can reach. */
const EVER_MS = 2_900 * 86_400_000
const PAGE = 200

interface EverCalled {
  readonly isAllowed: boolean
  /** How many requests were refused until then. */
  readonly refused: number
}

/** Whether a request to the organization was ever allowed. Once one was, it stays so. */
export function everCalledQuery(organization: string) {
  return queryOptions<EverCalled>({
    queryKey: ['usage', organization, 'ever'],
    staleTime: ({ state }) => (state.data?.isAllowed === true ? Infinity : 0),
    queryFn: async ({ signal }) => {
      const from = new Date(Date.now() - EVER_MS).toISOString()
      const days = sallyport.readUsage({ organization, interval: 'day', from, limit: PAGE }, { signal })
      let before = 0
      for await (const { allowed, refused } of days) {
        before += refused
        if (allowed > 0) return { isAllowed: true, refused: before }
      }
      return { isAllowed: false, refused: before }
    },
  })
}
