import type { PolicyRow } from '../store/rows.ts'
import type { ConformityCount } from './conformity.ts'

export interface GetPolicyInput {
  readonly organization: string
  readonly environment: string
}
export interface PolicyWithConformity {
  readonly policy: PolicyRow
  readonly conformity: ConformityCount
}
