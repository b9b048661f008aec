import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'

/** The most that are listed. A person has at most 50 sessions, and one account at each provider. */
const LISTED_MAX = 100

/** The other sessions of the person, in other browsers or programs. */
export const otherSessionsQuery = queryOptions({
  queryKey: ['other-sessions'],
  queryFn: async ({ signal }) => await sallyport.listOtherSessions({}, { signal }).toArray(LISTED_MAX),
})

/** The accounts at providers that sign the person in. */
export const linkedProvidersQuery = queryOptions({
  queryKey: ['linked-providers'],
  queryFn: async ({ signal }) => await sallyport.listLinkedProviders({}, { signal }).toArray(LISTED_MAX),
})
