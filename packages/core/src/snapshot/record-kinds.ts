import type {
  BasicCredentialRecord,
  ConsumerRecord,
  DeploymentRecord,
  EnvironmentRecord,
  EnvironmentSecretRecord,
  EnvironmentVariableRecord,
  ExternalKeyRecord,
  IssuerRecord,
  KeyAgeRecord,
  KeyRecord,
  OrganizationRecord,
  PlanRecord,
  RoleRecord,
  SigningKeyRecord,
} from '../feed/records.ts'
import {
  emptyEnvironment,
  type EnvironmentView,
  type OrganizationView,
  type WhenStale,
} from './environment.ts'
import { keyAgeId } from './key-lifetimes.ts'
import { changeEnvironment, changeOrganization, type SnapshotParts } from './parts.ts'

/** From the widest to the narrowest: an owner's scope is wider than the scope of what it owns. */
export const SCOPES = ['installation', 'organization', 'environment'] as const
export type Scope = (typeof SCOPES)[number]

/**
 * The narrowest owner of a record. The compiler derives it from the record's fields; a key can belong to an
 * environment but does not have to, so its scope is the organization.
 */
type ScopeOf<R> = R extends { readonly environment: string }
  ? 'environment'
  : R extends { readonly organization: string }
    ? 'organization'
    : 'installation'

/** Everything that differs between kinds of records. */
interface RecordKind<R> {
  readonly scope: ScopeOf<R>
  /** Whether the records are rows of a table: there can be millions of them. */
  readonly isRows?: true
  /** The record's id, which is unique among the records of its kind in its organization. */
  id(record: R): string
  /** The snapshot with this record as the only one with its id. Applying a record twice is the same as once. */
  apply(parts: SnapshotParts, record: R): SnapshotParts
  /** The snapshot without a record. Kinds without this operation are never removed. */
  remove?(parts: SnapshotParts, organization: string, id: string): SnapshotParts
  /** All records of this kind in a snapshot, in no particular order. */
  records(parts: SnapshotParts): Iterable<R>
}

/** The table of record kinds. A new kind is a record interface in `feed/records.ts` and one entry here. */
export const RECORD_KINDS = {
  organization: {
    scope: 'installation',
    id: ({ slug }) => slug,
    apply(parts, { slug }) {
      if (parts.organizations.get(slug) !== undefined) return parts
      const organization: OrganizationView = { slug, environments: new Map(), roles: new Map() }
      return { ...parts, organizations: parts.organizations.with(slug, organization) }
    },
    *records({ organizations }) {
      for (const { slug } of organizations.values()) yield { kind: 'organization', slug }
    },
  } satisfies RecordKind<OrganizationRecord>,

  environment: {
    scope: 'organization',
    id: ({ name }) => name,
    apply: (parts, { organization, name, whenStale: refuses }) =>
      changeOrganization(parts, organization, (view) => {
        const whenStale: WhenStale = refuses ?? 'serve'
        const known = view.environments.get(name)
        if (known?.whenStale === whenStale) return view
        const environment = { ...(known ?? emptyEnvironment(organization, name)), whenStale }
        return { ...view, environments: withEntry(view.environments, name, environment) }
      }),
    remove: (parts, organization, name) =>
      changeOrganization(parts, organization, (view) => ({
        ...view,
        environments: withoutEntry(view.environments, name),
      })),
    *records(parts) {
      for (const { organization, name, whenStale } of environmentsOf(parts)) {
        yield { kind: 'environment', organization, name, ...(whenStale === 'refuse' && { whenStale }) }
      }
    },
  } satisfies RecordKind<EnvironmentRecord>,

  // Policies are part of the key table, because they end keys.
  'key-age': {
    scope: 'organization',
    id: (record) => keyAgeId(record.environment),
    apply: (parts, record) => ({ ...parts, keys: parts.keys.withAge(record) }),
    remove: (parts, organization, id) => ({ ...parts, keys: parts.keys.withoutAge(organization, id) }),
    records: ({ keys }) => keys.ages,
  } satisfies RecordKind<KeyAgeRecord>,

  role: {
    scope: 'organization',
    id: ({ name }) => name,
    apply: (parts, { organization, name, grants }) =>
      changeOrganization(parts, organization, (view) => ({
        ...view,
        roles: withEntry(view.roles, name, grants),
      })),
    remove: (parts, organization, name) =>
      changeOrganization(parts, organization, (view) => ({ ...view, roles: withoutEntry(view.roles, name) })),
    *records({ organizations }) {
      for (const { slug, roles } of organizations.values()) {
        for (const [name, grants] of roles) yield { kind: 'role', organization: slug, name, grants }
      }
    },
  } satisfies RecordKind<RoleRecord>,

  consumer: {
    scope: 'environment',
    isRows: true,
    id: ({ id }) => id,
    apply: (parts, record) => ({ ...parts, consumers: parts.consumers.with(record) }),
    remove: (parts, _organization, id) => ({ ...parts, consumers: parts.consumers.without(id) }),
    records: ({ consumers }) => consumers.values(),
  } satisfies RecordKind<ConsumerRecord>,

  // A deleted key stays as a tombstone, so that its caller gets `key_deleted`.
  key: {
    scope: 'organization',
    isRows: true,
    id: ({ id }) => id,
    apply: (parts, record) => ({ ...parts, keys: parts.keys.with(record) }),
    records: ({ keys }) => keys.records.values(),
  } satisfies RecordKind<KeyRecord>,

  'external-key': {
    scope: 'organization',
    isRows: true,
    id: ({ id }) => id,
    apply: (parts, record) => ({ ...parts, externalKeys: parts.externalKeys.with(record) }),
    remove: (parts, _organization, id) => ({ ...parts, externalKeys: parts.externalKeys.without(id) }),
    records: ({ externalKeys }) => externalKeys.values(),
  } satisfies RecordKind<ExternalKeyRecord>,

  'basic-credential': {
    scope: 'environment',
    isRows: true,
    id: ({ id }) => id,
    apply: (parts, record) => ({ ...parts, basicCredentials: parts.basicCredentials.with(record) }),
    remove: (parts, _organization, id) => ({
      ...parts,
      basicCredentials: parts.basicCredentials.without(id),
    }),
    records: ({ basicCredentials }) => basicCredentials.values(),
  } satisfies RecordKind<BasicCredentialRecord>,

  deployment: inEnvironment<DeploymentRecord>(
    ({ deployments }) => deployments,
    (view, deployments) => ({ ...view, deployments }),
  ),

  'signing-key': inEnvironment<SigningKeyRecord>(
    ({ signingKeys }) => signingKeys,
    (view, signingKeys) => ({ ...view, signingKeys }),
  ),

  issuer: inEnvironment<IssuerRecord>(
    ({ issuers }) => issuers,
    (view, issuers) => ({ ...view, issuers }),
  ),

  'environment-secret': inEnvironment<EnvironmentSecretRecord>(
    ({ secrets }) => secrets,
    (view, secrets) => ({ ...view, secrets }),
  ),

  'environment-variable': inEnvironment<EnvironmentVariableRecord>(
    ({ variables }) => variables,
    (view, variables) => ({ ...view, variables }),
  ),

  plan: inEnvironment<PlanRecord>(
    ({ plans }) => plans,
    (view, plans) => ({ ...view, plans }),
  ),
}

interface EnvironmentEntity {
  readonly organization: string
  readonly environment: string
  readonly id: string
}

/** A kind whose records are stored by id in a map of their environment's view. */
function inEnvironment<R extends EnvironmentEntity>(
  read: (view: EnvironmentView) => ReadonlyMap<string, R>,
  write: (view: EnvironmentView, records: ReadonlyMap<string, R>) => EnvironmentView,
) {
  // A removal does not name the environment, and neither does a record name the one it was moved from.
  const environmentOf = (parts: SnapshotParts, organization: string, id: string): string | undefined => {
    const environments = parts.organizations.get(organization)?.environments.values() ?? []
    for (const view of environments) if (read(view).has(id)) return view.name
    return undefined
  }
  const remove = (parts: SnapshotParts, organization: string, id: string): SnapshotParts => {
    const environment = environmentOf(parts, organization, id)
    if (environment === undefined) return parts
    return changeEnvironment(parts, organization, environment, (view) =>
      write(view, withoutEntry(read(view), id)),
    )
  }
  return {
    scope: 'environment' as const,
    id: (record: R) => record.id,
    apply(parts: SnapshotParts, record: R) {
      const { organization, environment, id } = record
      const previous = environmentOf(parts, organization, id)
      const isMoved = previous !== undefined && previous !== environment
      return changeEnvironment(
        isMoved ? remove(parts, organization, id) : parts,
        organization,
        environment,
        (view) => write(view, withEntry(read(view), id, record)),
      )
    },
    remove,
    *records(parts: SnapshotParts) {
      for (const view of environmentsOf(parts)) yield* read(view).values()
    },
  }
}

function* environmentsOf({ organizations }: SnapshotParts): Generator<EnvironmentView> {
  for (const { environments } of organizations.values()) yield* environments.values()
}

function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value)
}

function withoutEntry<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const smaller = new Map(map)
  smaller.delete(key)
  return smaller
}
