import type {
  Change,
  ConsumerRecord,
  ExternalKeyRecord,
  BasicCredentialRecord,
  FeedRecord,
} from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import type { Permission, Target } from '../access/permissions.ts'
import { NO_CUSTOM_ROLES, rolesPermit } from '../access/roles.ts'
import { applyRecord } from './apply-record.ts'
import { environmentRecords, type EnvironmentView, type OrganizationView } from './environment.ts'
import type { KeyTable } from './key-table.ts'
import { KeyTableLoader } from './key-table-loader.ts'
import { basicPlace, EMPTY_PARTS, type SnapshotParts } from './parts.ts'
import { ShardedMap } from './sharded-map.ts'

/**
 * Everything that a gateway needs to decide, at one revision. Immutable: a change makes a new one that shares with
 * this one whatever it does not touch, so a request that took this one sees it to its end.
 */
export class Snapshot {
  readonly revision: number
  readonly #parts: SnapshotParts

  private constructor(revision: number, parts: SnapshotParts) {
    this.revision = revision
    this.#parts = parts
  }

  static empty(): Snapshot {
    return new Snapshot(0, EMPTY_PARTS)
  }

  /** Builds the snapshot at a revision from its records, which come in batches; a thing comes at most once. */
  static async load(revision: number, batches: AsyncIterable<readonly FeedRecord[]>): Promise<Snapshot> {
    const keys = new KeyTableLoader()
    const consumers = new Map<string, ConsumerRecord>()
    let parts = Snapshot.empty().#parts
    for await (const batch of batches) {
      for (const record of batch) {
        // The two of which there can be a million are gathered apart; the rest take the way of any change.
        if (record.kind === 'key') keys.add(record)
        else if (record.kind === 'consumer') consumers.set(record.id, record)
        else parts = applyRecord(parts, record)
      }
    }
    return new Snapshot(revision, { ...parts, keys: keys.build(), consumers: ShardedMap.from(consumers) })
  }

  /** The snapshot after a change. */
  apply(change: Change): Snapshot {
    let parts = this.#parts
    for (const record of change.records) parts = applyRecord(parts, record)
    return new Snapshot(change.revision, parts)
  }

  organization(slug: string): OrganizationView | undefined {
    return this.#parts.organizations.get(slug)
  }

  environment(organization: string, name: string): EnvironmentView | undefined {
    return this.#parts.organizations.get(organization)?.environments.get(name)
  }

  /** Every environment of every organization, in no order. */
  *environments(): Generator<EnvironmentView> {
    for (const organization of this.#parts.organizations.values()) yield* organization.environments.values()
  }

  consumer(id: string): ConsumerRecord | undefined {
    return this.#parts.consumers.get(id)
  }

  get keys(): KeyTable {
    return this.#parts.keys
  }

  /** Another organization's key as it was added to this one, or undefined. */
  externalKey(organization: string, keyId: KeyId): ExternalKeyRecord | undefined {
    return this.#parts.externalKeys.get(`${organization} ${keyId}`)
  }

  /** The Basic credential with that username in an environment, or undefined. */
  basicCredential(
    organization: string,
    environment: string,
    username: string,
  ): BasicCredentialRecord | undefined {
    return this.#parts.basicCredentials.get(basicPlace({ organization, environment, username }))
  }

  /** Whether one of an organization's roles permits the action on the target. Unknown roles permit nothing. */
  rolesPermit(
    organization: string,
    roles: readonly string[],
    permission: Permission,
    target: Target,
  ): boolean {
    const custom = this.#parts.organizations.get(organization)?.roles ?? NO_CUSTOM_ROLES
    return rolesPermit(roles, custom, permission, target)
  }

  /**
   * Everything in it as records, in one order: two snapshots with the same content give the same list, however they
   * came about.
   */
  toRecords(): FeedRecord[] {
    const organizations = [...this.#parts.organizations.values()]
    const records: FeedRecord[] = [
      ...organizations.flatMap(organizationRecords),
      ...this.#parts.consumers.values(),
      ...this.#parts.externalKeys.values(),
      ...this.#parts.basicCredentials.values(),
      ...[...this.#parts.keys.views()].map((view) => view.toRecord()),
    ]
    return records
      .map((record) => ({ record, place: recordIdentity(record) }))
      .sort((left, right) => (left.place < right.place ? -1 : left.place > right.place ? 1 : 0))
      .map(({ record }) => record)
  }
}

/** Names the thing that a record is about: a later record with the same identity replaces the earlier one. */
export function recordIdentity(record: FeedRecord): string {
  switch (record.kind) {
    case 'organization':
      return `organization ${record.slug}`
    case 'environment':
    case 'role':
      return `${record.kind} ${record.organization} ${record.name}`
    case 'consumer':
    case 'external-key':
    case 'key':
    case 'deployment':
    case 'signing-key':
    case 'issuer':
    case 'environment-secret':
    case 'basic-credential':
      return `${record.kind} ${record.organization} ${record.id}`
    case 'removed':
      return `${record.of} ${record.organization} ${record.id}`
  }
}

function organizationRecords(organization: OrganizationView): FeedRecord[] {
  return [
    { kind: 'organization', slug: organization.slug },
    ...[...organization.environments.values()].flatMap(environmentRecords),
    ...[...organization.roles].map(([name, grants]): FeedRecord => ({
      kind: 'role',
      organization: organization.slug,
      name,
      grants,
    })),
  ]
}
