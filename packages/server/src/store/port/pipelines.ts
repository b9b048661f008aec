import type { PipelineSpec } from '@sallyport/core'
import type { PageRequest, Page } from './pages/paging.ts'

export interface PipelineRow {
  readonly organization: string
  readonly name: string
  readonly project: string
  readonly createdAtMs: number
}

export interface VersionRow {
  readonly organization: string
  readonly pipeline: string
  readonly major: number
  readonly minor: number
  /** The valid spec, as the developer wrote it. */
  readonly source: unknown
  /** The spec with all defaults, which a deployment runs. */
  readonly spec: PipelineSpec
  /** What its author says about it. */
  readonly comment: string | null
  readonly createdAtMs: number
  readonly createdBy: string
}

export interface PipelineReader {
  get(organization: string, name: string): Promise<PipelineRow | undefined>
  list(
    organization: string,
    page: PageRequest,
    filter?: { readonly project?: string },
  ): Promise<Page<PipelineRow>>
  version(
    organization: string,
    pipeline: string,
    major: number,
    minor: number,
  ): Promise<VersionRow | undefined>
  /** The highest version, or the highest version of one major. */
  latestVersion(organization: string, pipeline: string, major?: number): Promise<VersionRow | undefined>
  /** The highest version of each of these pipelines, such as `1.0`, by the name of the pipeline. Reads no spec. */
  latestVersions(organization: string, pipelines: readonly string[]): Promise<ReadonlyMap<string, string>>
  listVersions(organization: string, pipeline: string, page: PageRequest): Promise<Page<VersionRow>>
}

export interface PipelineWriter extends PipelineReader {
  insert(row: PipelineRow): Promise<void>
  insertVersion(row: VersionRow): Promise<void>
  /**
   * Also removes its versions, schedule runs and associations with consumers. Its ended deployments stay in the history.
   *
   * @param removedAtMs in ms since 1970
   * @throws Problem `conflict` while it has a live deployment
   */
  remove(organization: string, name: string, removedAtMs: number): Promise<void>
}
