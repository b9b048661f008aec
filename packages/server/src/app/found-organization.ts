import type { KeyRow, OrganizationRow } from '../store/rows.ts'

export interface FoundOrganizationInput {
  readonly slug: string
  readonly name: string
}

export interface FoundedOrganization {
  readonly organization: OrganizationRow
  /** The key named "Owner". */
  readonly key: KeyRow
  /** The owner key's token, shown this once. */
  readonly token: string
}
