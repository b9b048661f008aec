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

/** The policy of an environment, with how many of its live deployments conform. */
export function policyQuery(organization: string, environment: string) {
  return queryOptions({
    queryKey: ['policies', organization, 'of', environment],
    queryFn: async ({ signal }) => await sallyport.getPolicy({ organization, environment }, { signal }),
  })
}

/** The policy about the age of keys in an environment, or of those of the whole organization. */
export function keyAgeQuery(organization: string, environment: string | undefined) {
  return queryOptions({
    queryKey: ['key-age', organization, environment],
    queryFn: async ({ signal }) =>
      environment === undefined
        ? await sallyport.getOrganizationKeyAge({ organization }, { signal })
        : await sallyport.getKeyAge({ organization, environment }, { signal }),
  })
}
