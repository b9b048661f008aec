import type { OrganizationRow } from '../store/rows.ts'

export interface RenameOrganizationInput {
  readonly organization: string
  readonly name: string
}
export interface RenamedOrganization {
  readonly organization: OrganizationRow
  readonly revision: number
}
