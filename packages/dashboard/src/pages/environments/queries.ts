import type { Secret, Variable } from '@sallyport/sdk'
import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'

/** The most that are listed of each kind. */
const LISTED_MAX = 500

/** One environment, with its ETag. */
export function environmentQuery(organization: string, environment: string) {
  return queryOptions({
    queryKey: ['environment', organization, environment],
    queryFn: async ({ signal }) => await sallyport.getEnvironment({ organization, environment }, { signal }),
  })
}

/** A value with a name in an environment. */
export interface NamedValue {
  readonly environment: string
  readonly name: string
}

export type ValueKind = 'variables' | 'secrets'

/** One variable or secret, with its ETag. */
export function valueQuery(organization: string, kind: ValueKind, { environment, name }: NamedValue) {
  return queryOptions({
    queryKey: ['value', organization, kind, environment, name],
    queryFn: async ({ signal }): Promise<Variable | Secret> => {
      const input = { organization, environment, name }
      return kind === 'variables'
        ? await sallyport.getVariable(input, { signal })
        : await sallyport.getSecret(input, { signal })
    },
  })
}

/** One trusted issuer, with its ETag. @param issuer its id, not the `iss` of its tokens */
export function issuerQuery(organization: string, environment: string, issuer: string) {
  return queryOptions({
    queryKey: ['issuer', organization, environment, issuer],
    queryFn: async ({ signal }) =>
      await sallyport.getIssuer({ organization, environment, issuer }, { signal }),
  })
}

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
