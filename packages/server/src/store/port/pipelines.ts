import type { PipelineSpec } from '@sallyport/core'
import type { PageRequest, Page } from './paging.ts'

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
  /** The spec as the developer wrote it, once it was found valid. */
  readonly source: unknown
  /** The same with every default filled in: what a deployment runs. */
  readonly spec: PipelineSpec
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
  /** The highest version, or the highest of one major. */
  latestVersion(organization: string, pipeline: string, major?: number): Promise<VersionRow | undefined>
  listVersions(organization: string, pipeline: string, page: PageRequest): Promise<Page<VersionRow>>
}

export interface PipelineWriter extends PipelineReader {
  insert(row: PipelineRow): Promise<void>
  insertVersion(row: VersionRow): Promise<void>
  /** With its versions, its associations with consumers, and its runs. Live deployments must be gone before. */
  remove(organization: string, name: string): Promise<void>
}
