import type { Warning } from '@sallyport/core'
import type { DeploymentRow } from '../store/rows.ts'

export interface DeployInput {
  readonly organization: string
  readonly pipeline: string
  /** `major.minor`. */
  readonly version: string
  readonly environment: string
  readonly dryRun: boolean
}
export interface Deployed {
  /** What is live now, or, tried only, what would be: then without an id. */
  readonly deployment: Omit<DeploymentRow, 'id'> & { readonly id: string | null }
  /** The id of the deployment whose place it took. */
  readonly replaced: string | null
  readonly warnings: readonly Warning[]
}
