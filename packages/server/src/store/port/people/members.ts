import type { Page, PageRequest } from '../pages/paging.ts'

/** A person in an organization. */
export interface MemberRow {
  readonly organization: string
  /** The id of the person. */
  readonly id: string
  readonly roles: readonly string[]
  readonly createdAtMs: number
  readonly createdBy: string
}

/** A member with what the organization may know of the person. */
export interface NamedMemberRow extends MemberRow {
  readonly email: string
  readonly name: string
}

export interface MemberReader {
  get(organization: string, id: string): Promise<NamedMemberRow | undefined>
  byEmail(organization: string, email: string): Promise<NamedMemberRow | undefined>
  list(organization: string, page: PageRequest): Promise<Page<NamedMemberRow>>
  countOfOrganization(organization: string): Promise<number>
  /** How many members have a role. */
  countUsingRole(organization: string, role: string): Promise<number>
  /** What a person is in each of their organizations, by slug. */
  ofPerson(id: string): Promise<readonly MemberRow[]>
}

export interface MemberWriter extends MemberReader {
  /** @throws Problem `conflict` when the person is a member already */
  insert(row: MemberRow): Promise<void>
  /** Replaces the roles; other columns stay. */
  update(row: MemberRow): Promise<void>
  remove(organization: string, id: string): Promise<void>
}
