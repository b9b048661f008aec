import type { BasicCredentialRecord, ConsumerRecord, ExternalKeyRecord } from '../feed/records.ts'
import type { EnvironmentView, OrganizationView } from './environment.ts'
import { KeyTable } from './key-table.ts'
import { NaturalKeyMap } from './natural-key-map.ts'
import { ShardedMap } from './sharded-map.ts'

/** The content of a snapshot. It is deeply immutable. */
export interface SnapshotParts {
  /** By slug. */
  readonly organizations: ShardedMap<OrganizationView>
  /** By id; consumer ids are unique across organizations. */
  readonly consumers: ShardedMap<ConsumerRecord>
  /** By `externalKeyNaturalKey`. */
  readonly externalKeys: NaturalKeyMap<ExternalKeyRecord>
  /** By `basicCredentialNaturalKey`. */
  readonly basicCredentials: NaturalKeyMap<BasicCredentialRecord>
  readonly keys: KeyTable
}

/** The content of a snapshot before the first record. */
export const EMPTY_PARTS: SnapshotParts = {
  organizations: ShardedMap.empty(),
  consumers: ShardedMap.empty(),
  externalKeys: NaturalKeyMap.empty(({ organization, keyId }) => externalKeyNaturalKey(organization, keyId)),
  basicCredentials: NaturalKeyMap.empty(({ organization, environment, username }) =>
    basicCredentialNaturalKey(organization, environment, username),
  ),
  keys: KeyTable.empty(),
}

/** @param organization the organization that grants the roles, not the key's own */
export function externalKeyNaturalKey(organization: string, keyId: string): string {
  return `${organization} ${keyId}`
}

/** Slugs and environment names contain no space, so two different credentials never get the same natural key. */
export function basicCredentialNaturalKey(
  organization: string,
  environment: string,
  username: string,
): string {
  return `${organization} ${environment} ${username}`
}

/** The parts with one organization changed; the same object when the organization is unknown. */
export function changeOrganization(
  parts: SnapshotParts,
  slug: string,
  change: (organization: OrganizationView) => OrganizationView,
): SnapshotParts {
  const organization = parts.organizations.get(slug)
  if (organization === undefined) return parts
  return { ...parts, organizations: parts.organizations.with(slug, change(organization)) }
}

/** The parts with one environment changed; the environment is left out when it is unknown. */
export function changeEnvironment(
  parts: SnapshotParts,
  organization: string,
  environment: string,
  change: (view: EnvironmentView) => EnvironmentView,
): SnapshotParts {
  return changeOrganization(parts, organization, (view) => {
    const known = view.environments.get(environment)
    if (known === undefined) return view
    return { ...view, environments: new Map(view.environments).set(environment, change(known)) }
  })
}
