import type { BasicCredentialRecord, ConsumerRecord, ExternalKeyRecord } from '../feed/records.ts'
import type { RowContext } from '../tables/row.ts'
import { BASIC_CREDENTIAL_ROWS } from './basic-credential-rows.ts'
import { CONSUMER_ROWS } from './consumer-rows.ts'
import type { EnvironmentView, OrganizationView } from './environment.ts'
import { EXTERNAL_KEY_ROWS } from './external-key-rows.ts'
import { KeyTable } from './key-table.ts'
import { RecordTable } from './record-table.ts'
import { ShardedMap } from './sharded-map.ts'

/** The content of a snapshot. It is deeply immutable. */
export interface SnapshotParts {
  /** By slug. */
  readonly organizations: ShardedMap<OrganizationView>
  /** Consumer ids are unique across organizations. */
  readonly consumers: RecordTable<ConsumerRecord>
  /** Also by `externalKeyNaturalKey`. */
  readonly externalKeys: RecordTable<ExternalKeyRecord>
  /** Also by `basicCredentialNaturalKey`. */
  readonly basicCredentials: RecordTable<BasicCredentialRecord>
  readonly keys: KeyTable
}

/** The content of a snapshot before the first record. */
export function emptyParts(context: RowContext): SnapshotParts {
  return {
    organizations: ShardedMap.empty(),
    consumers: RecordTable.empty(CONSUMER_ROWS, context),
    externalKeys: RecordTable.empty(EXTERNAL_KEY_ROWS, context),
    basicCredentials: RecordTable.empty(BASIC_CREDENTIAL_ROWS, context),
    keys: KeyTable.empty(context),
  }
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
