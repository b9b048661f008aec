import type { HandOver } from '@sallyport/sdk'
import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** How often it is asked whether a link was opened, in ms. */
const ASK_MS = 2_000
/** How many of the newest links of an organization are looked at for those of a key. */
const LINKS_MAX = 500

/** One hand-over, until it ends. */
export function handOverQuery(organization: string, handOver: string) {
  return queryOptions({
    queryKey: ['hand-overs', organization, 'one', handOver],
    queryFn: async ({ signal }) => await sallyport.getHandOver({ organization, handOver }, { signal }),
    refetchInterval: ({ state }) => (isPending(state.data) ? ASK_MS : false),
  })
}

/** The hand-overs of a key, from the newest on. */
export function handOversQuery(organization: string, key: string) {
  return queryOptions({
    queryKey: ['hand-overs', organization, 'of', key],
    queryFn: async ({ signal }) => {
      const newest = await sallyport.listHandOvers({ organization }, { signal }).toArray(LINKS_MAX)
      return newest.filter((handOver) => handOver.key === key)
    },
    refetchInterval: ({ state }) => (state.data?.some(isPending) === true ? ASK_MS : false),
  })
}

function isPending(handOver: HandOver | undefined): boolean {
  return handOver?.state === 'pending'
}
