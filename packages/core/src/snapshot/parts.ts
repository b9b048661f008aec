import type { BasicCredentialRecord, ConsumerRecord, ExternalKeyRecord } from '../feed/records.ts'
import type { OrganizationView } from './environment.ts'
import { KeyTable } from './key-table.ts'
import { ShardedMap } from './sharded-map.ts'

/** What a snapshot is made of. Immutable, and so is everything in it. */
export interface SnapshotParts {
  readonly organizations: ShardedMap<OrganizationView>
  /** By id; ids are unique across organizations. */
  readonly consumers: ShardedMap<ConsumerRecord>
  /** By the organization that gives the roles, and the key's id. */
  readonly externalKeys: ShardedMap<ExternalKeyRecord>
  /** The organization and key of each external key, by its id. */
  readonly externalKeyPlaces: ShardedMap<string>
  /** By organization, environment and username. */
  readonly basicCredentials: ShardedMap<BasicCredentialRecord>
  /** The place of each Basic credential in the map above, by its id. */
  readonly basicCredentialPlaces: ShardedMap<string>
  readonly keys: KeyTable
}

export const EMPTY_PARTS: SnapshotParts = {
  organizations: ShardedMap.empty(),
  consumers: ShardedMap.empty(),
  externalKeys: ShardedMap.empty(),
  externalKeyPlaces: ShardedMap.empty(),
  basicCredentials: ShardedMap.empty(),
  basicCredentialPlaces: ShardedMap.empty(),
  keys: KeyTable.empty(),
}

/** A space is in no slug and in no environment's name, so that no two places are the same. */
export function basicPlace({
  organization,
  environment,
  username,
}: Pick<BasicCredentialRecord, 'organization' | 'environment' | 'username'>): string {
  return `${organization} ${environment} ${username}`
}
