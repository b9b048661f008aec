import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../../data/sallyport.ts'

/** The most that are listed. */
export const ACCEPTED_MAX = 1_000
const PAGE = 200

/** Which organizations accept one of our keys, and which may not. */
export function acceptancesQuery(organization: string, key: string) {
  return queryOptions({
    queryKey: ['acceptances', organization, key],
    queryFn: async ({ signal }) => await sallyport.getAcceptances({ organization, key }, { signal }),
  })
}

/** Which organizations have added keys of ours, the newest additions first. */
export function acceptedQuery(organization: string) {
  return queryOptions({
    queryKey: ['acceptances', organization, 'all-keys'],
    queryFn: async ({ signal }) => {
      const all = await sallyport
        .listAcceptances({ organization, limit: PAGE }, { signal })
        .toArray(ACCEPTED_MAX)
      return all.toSorted((one, other) => Date.parse(other.addedAt) - Date.parse(one.addedAt))
    },
  })
}

/** Whether other organizations may accept keys of ours at all. */
export function organizationAcceptanceQuery(organization: string) {
  return queryOptions({
    queryKey: ['acceptances', organization, 'setting'],
    queryFn: async ({ signal }) => await sallyport.getOrganizationAcceptance({ organization }, { signal }),
  })
}
