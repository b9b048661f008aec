import type { CallOptions, KeyAge, Policy } from '@sallyport/sdk'
import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'

/** The most that are listed. */
const ENVIRONMENTS_MAX = 200
const VERSIONS_MAX = 50
const DEPLOYMENTS_MAX = 1_000

export interface EnvironmentPolicy {
  readonly environment: string
  readonly policy: Policy
}

/** The policy of each environment, in the order in which pipelines are promoted. */
export function policiesQuery(organization: string) {
  return queryOptions({
    queryKey: ['policies', organization],
    queryFn: async ({ signal }): Promise<readonly EnvironmentPolicy[]> => {
      const environments = await sallyport
        .listEnvironments({ organization }, { signal })
        .toArray(ENVIRONMENTS_MAX)
      return await Promise.all(
        environments.map(async ({ name }) => ({
          environment: name,
          policy: await sallyport.getPolicy({ organization, environment: name }, { signal }),
        })),
      )
    },
  })
}

/** What a mode would change, without changing it. */
export function effectQuery(organization: string, environment: string, mode: Policy['mode']) {
  return queryOptions({
    queryKey: ['policy-effect', organization, environment, mode],
    queryFn: async ({ signal }) =>
      await sallyport.setPolicy({ organization, environment, mode, dryRun: true }, { signal }),
  })
}

/** The versions of the policy of an environment, the newest first. */
export function versionsQuery(organization: string, environment: string) {
  return queryOptions({
    queryKey: ['policy-versions', organization, environment],
    queryFn: async ({ signal }) => {
      const versions = await sallyport
        .listPolicyVersions({ organization, environment }, { signal })
        .toArray(VERSIONS_MAX)
      return versions.toSorted((one, other) => other.version - one.version)
    },
  })
}

/** The live deployments of an environment that do not conform. */
export function nonConformingQuery(organization: string, environment: string) {
  return queryOptions({
    queryKey: ['conformity', organization, environment],
    queryFn: async ({ signal }) => {
      const all = await sallyport
        .getConformity({ organization, environment }, { signal })
        .toArray(DEPLOYMENTS_MAX)
      return all.filter(({ conforming }) => !conforming)
    },
  })
}

/** How old keys may get: those of the organization itself, and those of each environment. */
export interface PlacedKeyAge {
  /** Undefined for the keys of the organization. */
  readonly environment: string | undefined
  readonly age: KeyAge
}

export function keyAgesQuery(organization: string) {
  return queryOptions({
    queryKey: ['key-ages', organization],
    queryFn: async ({ signal }): Promise<readonly PlacedKeyAge[]> => {
      const environments = await sallyport
        .listEnvironments({ organization }, { signal })
        .toArray(ENVIRONMENTS_MAX)
      const own = await sallyport.getOrganizationKeyAge({ organization }, { signal })
      const others = await Promise.all(
        environments.map(async ({ name }) => ({
          environment: name,
          age: await sallyport.getKeyAge({ organization, environment: name }, { signal }),
        })),
      )
      return [{ environment: undefined, age: own }, ...others]
    },
  })
}

export interface KeyAgeValues {
  readonly rotationReminderDays: 90 | 180 | null
  readonly maxLifetimeDays: number | null
}

/** Sets the age of keys, or only tells what that would change. */
export async function setKeyAge(
  organization: string,
  environment: string | undefined,
  values: KeyAgeValues,
  dryRun: boolean,
  options: CallOptions,
) {
  const input = { organization, ...values, dryRun }
  return environment === undefined
    ? await sallyport.setOrganizationKeyAge(input, options)
    : await sallyport.setKeyAge({ ...input, environment }, options)
}

export function keyAgeEffectQuery(
  organization: string,
  environment: string | undefined,
  values: KeyAgeValues,
) {
  return queryOptions({
    queryKey: ['key-age-effect', organization, environment, values],
    queryFn: async ({ signal }) => await setKeyAge(organization, environment, values, true, { signal }),
  })
}
