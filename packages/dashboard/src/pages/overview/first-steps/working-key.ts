import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../../data/sallyport.ts'

/** How often it is asked, in ms: a key can be created, switched off or deleted meanwhile. */
const KEY_MS = 5_000
/** Of so many keys, one works. */
const PAGE = 50

/** Whether a consumer has a key that works. */
export function workingKeyQuery(organization: string, consumer: string) {
  return queryOptions({
    queryKey: ['keys', organization, 'working', consumer],
    refetchInterval: KEY_MS,
    queryFn: async ({ signal }) => {
      const { items } = await sallyport.listKeys({ organization, consumer, limit: PAGE }, { signal }).page()
      return items.some(({ state }) => state === 'active' || state === 'rolling')
    },
  })
}
