import type {
  BasicCredentialRecord,
  Change,
  ConsumerRecord,
  ExternalKeyRecord,
  FeedRecord,
  RemovedRecord,
} from '../feed.ts'
import type { KeyId } from '../key-text.ts'
import { BUILT_IN_ROLES, permits, type Permission, type Target } from '../permissions.ts'
import {
  emptyEnvironment,
  environmentRecords,
  isEnvironmentThing,
  withoutThing,
  withThing,
  type EnvironmentView,
  type OrganizationView,
} from './environment.ts'
import { KeyTable } from './key-table.ts'
import { KeyTableLoader } from './key-table-loader.ts'
import { ShardedMap } from './sharded-map.ts'

interface SnapshotParts {
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
    return new Snapshot(0, {
      organizations: ShardedMap.empty(),
      consumers: ShardedMap.empty(),
      externalKeys: ShardedMap.empty(),
      externalKeyPlaces: ShardedMap.empty(),
      basicCredentials: ShardedMap.empty(),
      basicCredentialPlaces: ShardedMap.empty(),
      keys: KeyTable.empty(),
    })
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
    for (const role of roles) {
      const grants = grantsOf(role) ?? this.#parts.organizations.get(organization)?.roles.get(role)
      if (grants !== undefined && permits(grants, permission, target)) return true
    }
    return false
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

function grantsOf(role: string): (typeof BUILT_IN_ROLES)[string] | undefined {
  return Object.hasOwn(BUILT_IN_ROLES, role) ? BUILT_IN_ROLES[role] : undefined
}

function applyRecord(parts: SnapshotParts, record: FeedRecord): SnapshotParts {
  switch (record.kind) {
    case 'organization':
      if (parts.organizations.get(record.slug) !== undefined) return parts
      return {
        ...parts,
        organizations: parts.organizations.with(record.slug, {
          slug: record.slug,
          environments: new Map(),
          roles: new Map(),
        }),
      }
    case 'environment':
      return withOrganization(parts, record.organization, (organization) =>
        organization.environments.has(record.name)
          ? organization
          : {
              ...organization,
              environments: new Map(organization.environments).set(
                record.name,
                emptyEnvironment(record.organization, record.name),
              ),
            },
      )
    case 'role':
      return withOrganization(parts, record.organization, (organization) => ({
        ...organization,
        roles: new Map(organization.roles).set(record.name, record.grants),
      }))
    case 'consumer':
      return { ...parts, consumers: parts.consumers.with(record.id, record) }
    case 'key':
      return { ...parts, keys: parts.keys.with(record) }
    case 'external-key':
      return {
        ...parts,
        externalKeys: parts.externalKeys.with(`${record.organization} ${record.keyId}`, record),
        externalKeyPlaces: parts.externalKeyPlaces.with(record.id, `${record.organization} ${record.keyId}`),
      }
    case 'basic-credential': {
      const place = basicPlace(record)
      return {
        ...parts,
        basicCredentials: parts.basicCredentials.with(place, record),
        basicCredentialPlaces: parts.basicCredentialPlaces.with(record.id, place),
      }
    }
    case 'deployment':
    case 'signing-key':
    case 'issuer':
    case 'environment-secret':
      return withEnvironment(parts, record.organization, record.environment, (view) =>
        withThing(view, record),
      )
    case 'removed':
      return applyRemoval(parts, record)
  }
}

function applyRemoval(parts: SnapshotParts, { of, organization, id }: RemovedRecord): SnapshotParts {
  if (isEnvironmentThing(of)) {
    // The removal does not say from where; at most one environment holds it.
    const holder = [...(parts.organizations.get(organization)?.environments.values() ?? [])].find(
      (view) => withoutThing(view, of, id) !== view,
    )
    if (holder === undefined) return parts
    return withEnvironment(parts, organization, holder.name, (view) => withoutThing(view, of, id))
  }
  switch (of) {
    case 'environment':
      return withOrganization(parts, organization, (view) => ({
        ...view,
        environments: withoutEntry(view.environments, id),
      }))
    case 'role':
      return withOrganization(parts, organization, (view) => ({
        ...view,
        roles: withoutEntry(view.roles, id),
      }))
    case 'consumer':
      return { ...parts, consumers: parts.consumers.without(id) }
    case 'external-key': {
      const { externalKeys, externalKeyPlaces } = parts
      const [things, places] = withoutPlaced(externalKeys, externalKeyPlaces, id)
      return { ...parts, externalKeys: things, externalKeyPlaces: places }
    }
    case 'basic-credential': {
      const { basicCredentials, basicCredentialPlaces } = parts
      const [things, places] = withoutPlaced(basicCredentials, basicCredentialPlaces, id)
      return { ...parts, basicCredentials: things, basicCredentialPlaces: places }
    }
  }
}

/** Things that are found by their place, without the one of that id. */
function withoutPlaced<V extends { readonly id: string }>(
  things: ShardedMap<V>,
  places: ShardedMap<string>,
  id: string,
): [ShardedMap<V>, ShardedMap<string>] {
  const place = places.get(id)
  if (place === undefined) return [things, places]
  // The place may have been taken again, under a new id, before this removal was told.
  const isCurrent = things.get(place)?.id === id
  return [isCurrent ? things.without(place) : things, places.without(id)]
}

/** A space is in no slug and in no environment's name, so that no two places are the same. */
function basicPlace({
  organization,
  environment,
  username,
}: Pick<BasicCredentialRecord, 'organization' | 'environment' | 'username'>): string {
  return `${organization} ${environment} ${username}`
}

function withOrganization(
  parts: SnapshotParts,
  slug: string,
  change: (organization: OrganizationView) => OrganizationView,
): SnapshotParts {
  const organization = parts.organizations.get(slug)
  if (organization === undefined) return parts
  return { ...parts, organizations: parts.organizations.with(slug, change(organization)) }
}

function withEnvironment(
  parts: SnapshotParts,
  organization: string,
  environment: string,
  change: (view: EnvironmentView) => EnvironmentView,
): SnapshotParts {
  return withOrganization(parts, organization, (view) => {
    const known = view.environments.get(environment)
    if (known === undefined) return view
    return { ...view, environments: new Map(view.environments).set(environment, change(known)) }
  })
}

function withoutEntry<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const smaller = new Map(map)
  smaller.delete(key)
  return smaller
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
