import type {
  DeploymentRecord,
  EnvironmentSecretRecord,
  FeedRecord,
  IssuerRecord,
  RemovedRecord,
  SigningKeyRecord,
} from '../feed/records.ts'
import type { Grant } from '../access/permissions.ts'

/**
 * One environment as a gateway sees it. Immutable; the same object, and each map in it the same, for as long as nothing
 * in it changes, so that what is worked out from one can be kept under it. A record is the same object for as long as it
 * is not replaced.
 */
export interface EnvironmentView {
  readonly organization: string
  readonly name: string
  /** Live deployments by id. */
  readonly deployments: ReadonlyMap<string, DeploymentRecord>
  /** By id, which is the `kid`. */
  readonly signingKeys: ReadonlyMap<string, SigningKeyRecord>
  /** Trusted issuers by id. */
  readonly issuers: ReadonlyMap<string, IssuerRecord>
  /** By id. */
  readonly secrets: ReadonlyMap<string, EnvironmentSecretRecord>
}

/** What an environment holds by id. */
export type EnvironmentThing = DeploymentRecord | SigningKeyRecord | IssuerRecord | EnvironmentSecretRecord

const PLACES = {
  deployment: 'deployments',
  'signing-key': 'signingKeys',
  issuer: 'issuers',
  'environment-secret': 'secrets',
} as const satisfies Readonly<Record<EnvironmentThing['kind'], keyof EnvironmentView>>

export function emptyEnvironment(organization: string, name: string): EnvironmentView {
  return {
    organization,
    name,
    deployments: new Map(),
    signingKeys: new Map(),
    issuers: new Map(),
    secrets: new Map(),
  }
}

/** Whether an environment holds a thing. */
export function holdsThing(view: EnvironmentView, of: EnvironmentThing['kind'], id: string): boolean {
  return view[PLACES[of]].has(id)
}

/** The environment with a thing put in, or replaced. */
export function withThing(view: EnvironmentView, thing: EnvironmentThing): EnvironmentView {
  const place = PLACES[thing.kind]
  const things: ReadonlyMap<string, EnvironmentThing> = view[place]
  return { ...view, [place]: new Map(things).set(thing.id, thing) }
}

/** The environment without a thing; the same object where it holds none of that id. */
export function withoutThing(
  view: EnvironmentView,
  of: EnvironmentThing['kind'],
  id: string,
): EnvironmentView {
  const place = PLACES[of]
  if (!holdsThing(view, of, id)) return view
  const known: ReadonlyMap<string, EnvironmentThing> = view[place]
  const things = new Map(known)
  things.delete(id)
  return { ...view, [place]: things }
}

/** Whether a removal is about something that environments hold. */
export function isEnvironmentThing(of: RemovedRecord['of']): of is EnvironmentThing['kind'] {
  return Object.hasOwn(PLACES, of)
}

/** The environment and everything in it as records. */
export function environmentRecords(view: EnvironmentView): FeedRecord[] {
  return [
    { kind: 'environment', organization: view.organization, name: view.name },
    ...Object.values(PLACES).flatMap((place): FeedRecord[] => [...view[place].values()]),
  ]
}

/** One organization as a gateway sees it. */
export interface OrganizationView {
  readonly slug: string
  readonly environments: ReadonlyMap<string, EnvironmentView>
  /** Custom roles alone; the built-in ones are everybody's. */
  readonly roles: ReadonlyMap<string, readonly Grant[]>
}
