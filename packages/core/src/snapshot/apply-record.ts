import type { FeedRecord, RemovedRecord } from '../feed.ts'
import {
  emptyEnvironment,
  isEnvironmentThing,
  withoutThing,
  withThing,
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
