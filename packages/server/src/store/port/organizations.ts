import type { LeakReaction, OrganizationColor, OwnerMailEvent, QuotaNumbers } from '@sallyport/core'
import type { PageRequest, Page } from './pages/paging.ts'

export interface OrganizationRow {
  readonly slug: string
  readonly name: string
  /** The id of the person who created it; null if a key or the set-up did, without a person. */
  readonly founder: string | null
  /** What happens when the secret of a key is found in public. */
  readonly onLeak: LeakReaction
  /** The events that its owners get by mail. */
  readonly ownerMails: readonly OwnerMailEvent[]
  /** On the pages of its consumers; null for none. */
  readonly color: OrganizationColor | null
  readonly createdAtMs: number
}

export interface OrganizationReader {
  get(slug: string): Promise<OrganizationRow | undefined>
  /** The organization that the set-up created; undefined before the set-up. */
  first(): Promise<OrganizationRow | undefined>
  /** Those with these slugs, by slug: one query for all. */
  named(slugs: readonly string[]): Promise<readonly OrganizationRow[]>
  /** How many organizations a person has created. */
  countFounded(person: string): Promise<number>
  list(page: PageRequest): Promise<Page<OrganizationRow>>
  /** What the organization has of what quotas limit. Reads counters, at the same cost for any number of rows. */
  quotaUsage(slug: string): Promise<QuotaNumbers>
}

export interface OrganizationWriter extends OrganizationReader {
  insert(row: OrganizationRow): Promise<void>
  rename(slug: string, name: string): Promise<void>
  setColor(slug: string, color: OrganizationColor | null): Promise<void>
  setOnLeak(slug: string, onLeak: LeakReaction): Promise<void>
  setOwnerMails(slug: string, ownerMails: readonly OwnerMailEvent[]): Promise<void>
}
