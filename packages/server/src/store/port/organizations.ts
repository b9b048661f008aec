import type { PageRequest, Page } from './paging.ts'

export interface OrganizationRow {
  readonly slug: string
  readonly name: string
  readonly createdAtMs: number
}

export interface OrganizationReader {
  get(slug: string): Promise<OrganizationRow | undefined>
  /** The organization that the set-up created; undefined before the set-up. */
  first(): Promise<OrganizationRow | undefined>
  list(page: PageRequest): Promise<Page<OrganizationRow>>
}

export interface OrganizationWriter extends OrganizationReader {
  insert(row: OrganizationRow): Promise<void>
  rename(slug: string, name: string): Promise<void>
}
