import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** The most that are listed. */
const ENVIRONMENTS_MAX = 200

/** The environments of an organization, in the order in which pipelines are promoted. */
export function environmentsQuery(organization: string) {
  return queryOptions({
    queryKey: ['environments', organization],
    queryFn: async ({ signal }) =>
      await sallyport.listEnvironments({ organization }, { signal }).toArray(ENVIRONMENTS_MAX),
  })
}
