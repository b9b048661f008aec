import type { BasicCredentialRecord, ExternalKeyRecord, FeedRecord, RemovedRecord } from '../feed/records.ts'
import {
  emptyEnvironment,
  holdsThing,
  isEnvironmentThing,
  withoutThing,
  withThing,
  type EnvironmentThing,
  type EnvironmentView,
  type OrganizationView,
} from './environment.ts'
import { basicPlace, type SnapshotParts } from './parts.ts'
import type { ShardedMap } from './sharded-map.ts'

/** The parts after a record: whatever it does not touch is shared. Applying it twice is the same as once. */
export function applyRecord(parts: SnapshotParts, record: FeedRecord): SnapshotParts {
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
      return withExternalKeys(parts, (things, places) =>
        withPlaced(things, places, record, `${record.organization} ${record.keyId}`),
      )
    case 'basic-credential':
      return withBasicCredentials(parts, (things, places) =>
        withPlaced(things, places, record, basicPlace(record)),
      )
    case 'deployment':
    case 'signing-key':
    case 'issuer':
    case 'environment-secret': {
      const { organization, environment, kind, id } = record
      const holder = holderOf(parts, organization, kind, id)
      const elsewhere = holder !== undefined && holder !== environment
      const left = elsewhere ? withoutHeld(parts, organization, holder, kind, id) : parts
      return withEnvironment(left, organization, environment, (view) => withThing(view, record))
    }
    case 'removed':
      return applyRemoval(parts, record)
  }
}

function applyRemoval(parts: SnapshotParts, { of, organization, id }: RemovedRecord): SnapshotParts {
  if (isEnvironmentThing(of)) {
    // The removal does not say from where.
    const holder = holderOf(parts, organization, of, id)
    return holder === undefined ? parts : withoutHeld(parts, organization, holder, of, id)
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
    case 'external-key':
      return withExternalKeys(parts, (things, places) => withoutPlaced(things, places, id))
    case 'basic-credential':
      return withBasicCredentials(parts, (things, places) => withoutPlaced(things, places, id))
  }
}

/** The one environment of an organization that holds a thing; undefined where none does. */
function holderOf(
  parts: SnapshotParts,
  organization: string,
  of: EnvironmentThing['kind'],
  id: string,
): string | undefined {
  const environments = parts.organizations.get(organization)?.environments.values() ?? []
  for (const view of environments) if (holdsThing(view, of, id)) return view.name
  return undefined
}

function withoutHeld(
  parts: SnapshotParts,
  organization: string,
  holder: string,
  of: EnvironmentThing['kind'],
  id: string,
): SnapshotParts {
  return withEnvironment(parts, organization, holder, (view) => withoutThing(view, of, id))
}

/** Things that are found by their place, and the place of each by its id. */
type Placed<V> = readonly [things: ShardedMap<V>, places: ShardedMap<string>]
type ChangePlaced<V> = (...placed: Placed<V>) => Placed<V>

function withExternalKeys(parts: SnapshotParts, change: ChangePlaced<ExternalKeyRecord>): SnapshotParts {
  const [externalKeys, externalKeyPlaces] = change(parts.externalKeys, parts.externalKeyPlaces)
  return { ...parts, externalKeys, externalKeyPlaces }
}

function withBasicCredentials(
  parts: SnapshotParts,
  change: ChangePlaced<BasicCredentialRecord>,
): SnapshotParts {
  const [basicCredentials, basicCredentialPlaces] = change(
    parts.basicCredentials,
    parts.basicCredentialPlaces,
  )
  return { ...parts, basicCredentials, basicCredentialPlaces }
}

/** A record is the whole state of its thing: the thing is where the record says, and nowhere else. */
function withPlaced<V extends { readonly id: string }>(
  things: ShardedMap<V>,
  places: ShardedMap<string>,
  thing: V,
  place: string,
): Placed<V> {
  const [left] = places.get(thing.id) === place ? [things] : withoutPlaced(things, places, thing.id)
  return [left.with(place, thing), places.with(thing.id, place)]
}

function withoutPlaced<V extends { readonly id: string }>(
  things: ShardedMap<V>,
  places: ShardedMap<string>,
  id: string,
): Placed<V> {
  const place = places.get(id)
  if (place === undefined) return [things, places]
  // The place may have been taken again, under a new id, before this removal was told.
  const isCurrent = things.get(place)?.id === id
  return [isCurrent ? things.without(place) : things, places.without(id)]
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
