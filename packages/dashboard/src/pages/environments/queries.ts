import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'

/** The most that are listed of each kind. */
const LISTED_MAX = 500

/** The variables of an environment. */
export function variablesQuery(organization: string, environment: string) {
  return queryOptions({
    queryKey: ['variables', organization, environment],
    queryFn: async ({ signal }) =>
      await sallyport.listVariables({ organization, environment }, { signal }).toArray(LISTED_MAX),
  })
}

/** The secrets of an environment, without their values. */
export function secretsQuery(organization: string, environment: string) {
  return queryOptions({
    queryKey: ['secrets', organization, environment],
    queryFn: async ({ signal }) =>
      await sallyport.listSecrets({ organization, environment }, { signal }).toArray(LISTED_MAX),
  })
}

/** The keys that sign or verify the JWTs of an environment, the one that signs first. */
export function signingKeysQuery(organization: string, environment: string) {
  return queryOptions({
    queryKey: ['signing-keys', organization, environment],
    queryFn: async ({ signal }) =>
      await sallyport.listSigningKeys({ organization, environment }, { signal }).toArray(LISTED_MAX),
  })
}

/** The issuers whose JWTs an environment accepts. */
export function issuersQuery(organization: string, environment: string) {
  return queryOptions({
    queryKey: ['issuers', organization, environment],
    queryFn: async ({ signal }) =>
      await sallyport.listIssuers({ organization, environment }, { signal }).toArray(LISTED_MAX),
  })
}
