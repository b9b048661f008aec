import type { PolicyMode, Violation } from '@sallyport/core'
import type { PolicyWithConformity } from './get-policy.ts'

export interface SetPolicyInput {
  readonly organization: string
  readonly environment: string
  readonly mode: PolicyMode
  readonly dryRun: boolean
}
export interface SavedPolicy extends PolicyWithConformity {
  /** Every live deployment that does not conform to the mode; each goes on serving. */
  readonly affected: readonly AffectedDeployment[]
  readonly revision: number
}
export interface AffectedDeployment {
  readonly pipeline: string
  /** `major.minor`. */
  readonly version: string
  readonly violations: readonly Violation[]
}
