import type { DeploymentRoutes, PipelineSpec, PolicySubject } from '@sallyport/core'
import type { PageRequest, Page } from './pages/paging.ts'

export interface DeploymentRow {
  readonly organization: string
  readonly id: string
  readonly environment: string
  readonly pipeline: string
  readonly project: string
  readonly major: number
  readonly minor: number
  readonly spec: PipelineSpec
  /** How it went live; null if it did so before this was recorded. */
  readonly origin: DeploymentOrigin | null
  /** Whose version went live again; null for `deploy` and if `origin` is unknown. It may be forgotten. */
  readonly from: DeploymentSource | null
  readonly createdAtMs: number
  /** Who made it live. */
  readonly createdBy: string
  /** When it was replaced or taken down; null while it is live. */
  readonly endedAtMs: number | null
  /** Who replaced it or took it down. */
  readonly endedBy: string | null
  /** The id of the deployment that replaced it; null if none did. */
  readonly replacedBy: string | null
  /**
   * When its pipeline was removed; null while the pipeline exists. Another pipeline can have the same name now, and its
   * project too.
   */
  readonly pipelineRemovedAtMs: number | null
}

export type DeploymentOrigin = 'deploy' | 'promote' | 'rollback' | 'redeploy'

/** The deployment that another one took its version from. */
export interface DeploymentSource {
  /** Its id. */
  readonly deployment: string
  readonly environment: string
}

/** A live deployment with what policies check, and without its spec. */
export interface LiveDeployment {
  readonly organization: string
  readonly environment: string
  readonly id: string
  readonly pipeline: string
  readonly major: number
  readonly minor: number
  readonly subject: PolicySubject
}

/** What selects the live deployments that matter to a version. */
export interface Candidacy {
  readonly pipeline: string
  readonly major: number
  /** See `claimsOf`. */
  readonly claims: readonly string[]
}

/** A live deployment with what the gate compares a new one with. */
export interface LiveRoutes extends LiveDeployment {
  readonly routes: DeploymentRoutes
}

/** A live deployment that a version meets in its environment. */
export interface RelatedDeployment extends LiveRoutes {
  /** Of its pipeline: a part of what decides who may see it. */
  readonly project: string
}

/** The end of a deployment. */
export interface DeploymentEnd {
  readonly endedAtMs: number
  readonly endedBy: string
  readonly replacedBy: string | null
}

export interface DeploymentFilter {
  readonly environment?: string
  readonly pipeline?: string
  /** `live` by default. */
  readonly state?: DeploymentState
}

export type DeploymentState = 'live' | 'ended' | 'all'

export interface DeploymentReader {
  get(organization: string, id: string): Promise<DeploymentRow | undefined>
  /**
   * Ended ones include those of removed pipelines. Pages that `visible` narrows to a project or pipeline do not have
   * these, because another one can have the same name.
   */
  list(organization: string, page: PageRequest, filter?: DeploymentFilter): Promise<Page<DeploymentRow>>
  /** Every live deployment of one environment, with its whole spec of up to 256 KiB. */
  allLive(organization: string, environment: string): Promise<readonly DeploymentRow[]>
  /** Every live deployment of one environment with what policies check. Reads no spec. */
  liveSubjects(organization: string, environment: string): Promise<readonly LiveDeployment[]>
  /** A page of the same, in order of creation. */
  listSubjects(organization: string, environment: string, page: PageRequest): Promise<Page<LiveDeployment>>
  /** Every live deployment of one environment with its routes. Reads no spec. */
  liveRoutes(organization: string, environment: string): Promise<readonly LiveRoutes[]>
  /**
   * The live deployments of one environment that a version replaces or shares a route with; and at most 1,000 of those
   * that it shares only an upstream with, fewer if their routes are long. Reads no spec.
   */
  related(
    organization: string,
    environment: string,
    candidacy: Candidacy,
  ): Promise<readonly RelatedDeployment[]>
  /**
   * Live deployments of one environment in order of their ids, until their routes have 4 MiB together. Reads no spec.
   *
   * @param hosts `own` for those whose triggers list hosts; `any` for the others too
   */
  atHosts(
    organization: string,
    environment: string,
    hosts: 'own' | 'any',
  ): Promise<readonly RelatedDeployment[]>
  countLive(organization: string, environment: string): Promise<number>
  countLiveOfPipeline(organization: string, pipeline: string): Promise<number>
  /** The deployment of the same environment, pipeline and major that was live before this one, or undefined. */
  previous(row: DeploymentRow): Promise<DeploymentRow | undefined>
}

export interface DeploymentWriter extends DeploymentReader {
  insert(row: DeploymentRow): Promise<void>
  end(organization: string, id: string, end: DeploymentEnd): Promise<void>
}
