import type { Grant } from '../access/permissions.ts'
import type {
  DeploymentRecord,
  EnvironmentSecretRecord,
  EnvironmentVariableRecord,
  IssuerRecord,
  PlanRecord,
  SigningKeyRecord,
} from '../feed/records.ts'

/**
 * What becomes of the calls of an environment in a gateway that is cut off from its control nodes, once its lease is over:
 * it goes on to decide by what it knows, or refuses them. A gateway that uses the database itself always refuses.
 */
export const WHEN_STALE = ['serve', 'refuse'] as const
export type WhenStale = (typeof WHEN_STALE)[number]

/**
 * One environment as a gateway sees it. It is immutable, and unchanged parts keep their identity: the view, each of its
 * maps and each record stay the same object until their content changes. Callers can therefore cache derived values by
 * object identity.
 */
export interface EnvironmentView {
  /** The organization's slug. */
  readonly organization: string
  readonly name: string
  readonly whenStale: WhenStale
  /** Live deployments by id. */
  readonly deployments: ReadonlyMap<string, DeploymentRecord>
  /** By id, which is the `kid` of the tokens they sign. */
  readonly signingKeys: ReadonlyMap<string, SigningKeyRecord>
  /** Trusted issuers by id. */
  readonly issuers: ReadonlyMap<string, IssuerRecord>
  /** By id. */
  readonly secrets: ReadonlyMap<string, EnvironmentSecretRecord>
  /** By id. */
  readonly variables: ReadonlyMap<string, EnvironmentVariableRecord>
  /** By id. */
  readonly plans: ReadonlyMap<string, PlanRecord>
}

/** One organization as a gateway sees it. */
export interface OrganizationView {
  readonly slug: string
  readonly environments: ReadonlyMap<string, EnvironmentView>
  /** Grants by the name of a custom role; built-in roles are not listed. */
  readonly roles: ReadonlyMap<string, readonly Grant[]>
}

/** An environment without any records, which serves when stale. */
export function emptyEnvironment(organization: string, name: string): EnvironmentView {
  return {
    organization,
    name,
    whenStale: 'serve',
    deployments: new Map(),
    signingKeys: new Map(),
    issuers: new Map(),
    secrets: new Map(),
    variables: new Map(),
    plans: new Map(),
  }
}
