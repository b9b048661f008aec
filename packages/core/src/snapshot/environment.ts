import type { DeploymentRecord } from '../feed.ts'
import type { Grant } from '../permissions.ts'

/** One environment as a gateway sees it. Immutable; the same object for as long as nothing in it changes. */
export interface EnvironmentView {
  readonly organization: string
  readonly name: string
  /** Live deployments by id. A record is the same object for as long as it is not replaced. */
  readonly deployments: ReadonlyMap<string, DeploymentRecord>
}

/** One organization as a gateway sees it. */
export interface OrganizationView {
  readonly slug: string
  readonly environments: ReadonlyMap<string, EnvironmentView>
  /** Custom roles alone; the built-in ones are everybody's. */
  readonly roles: ReadonlyMap<string, readonly Grant[]>
}
