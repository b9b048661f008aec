import type { Page, PageRequest } from '../pages/paging.ts'

/** An invitation that was neither accepted nor withdrawn. It may have expired. */
export interface InvitationRow {
  readonly organization: string
  readonly id: string
  /** In the form of `parseEmail`; unique within the organization. */
  readonly email: string
  readonly roles: readonly string[]
  /** SHA-256 of the token in the link that its sender got; unique. */
  readonly tokenDigest: string
  /** SHA-256 of the token in the link that was mailed, which only the address got; unique. Null if none was. */
  readonly mailedDigest: string | null
  readonly expiresAtMs: number
  readonly createdAtMs: number
  /** The id of the actor who sent it. */
  readonly createdBy: string
}

export interface InvitationReader {
  get(organization: string, id: string): Promise<InvitationRow | undefined>
  byEmail(organization: string, email: string): Promise<InvitationRow | undefined>
  /** Of any organization, by either token. */
  byToken(tokenDigest: string): Promise<InvitationRow | undefined>
  list(organization: string, page: PageRequest): Promise<Page<InvitationRow>>
  /** Those that can still be accepted, oldest first. */
  allOpen(organization: string, nowMs: number): Promise<readonly InvitationRow[]>
}

export interface InvitationWriter extends InvitationReader {
  /** @throws Problem `conflict` when the organization has invited this address already */
  insert(row: InvitationRow): Promise<void>
  remove(organization: string, id: string): Promise<void>
  /** Removes those of all organizations that ended before `beforeMs`: at most `limit`, the earliest first. Returns them. */
  removeEnded(beforeMs: number, limit: number): Promise<readonly InvitationRow[]>
}
