import type { SpecDraft } from '@sallyport/core'
import type { PipelineRow, VersionRow } from '../store/rows.ts'

export interface CreatePipelineInput {
  readonly organization: string
  readonly name: string
  /** `default` unless said. */
  readonly project?: string | undefined
  /** The spec as the developer wrote it, already found valid. */
  readonly source: unknown
  readonly draft: SpecDraft
}
export interface PipelineWithVersion {
  readonly pipeline: PipelineRow
  readonly version: VersionRow
}
