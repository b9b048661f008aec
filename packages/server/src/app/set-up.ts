import type { FoundOrganizationInput } from './found-organization.ts'

export interface SetUpInput {
  readonly organization: FoundOrganizationInput
}
