import type { KeyId, RateLimit } from '@sallyport/core'
import type { Page, PageRequest } from './pages/paging.ts'

/** A key of another organization that has roles in this one. */
export interface ExternalKeyRow {
  readonly organization: string
  readonly id: string
  /** Unique within the organization. */
  readonly keyId: KeyId
  /** The slug of the organization whose key it is. */
  readonly owner: string
  readonly label: string | null
  readonly roles: readonly string[]
  /** Whether this organization has it switched on. */
  readonly active: boolean
  /** Whether the owner allows it. Only its refusals decide, see `AcceptanceWriter`: a writer ignores the value. */
  readonly allowed: boolean
  /** In addition to those of the key itself. */
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
  readonly createdAtMs: number
  readonly createdBy: string
}

/** A key as the organizations that added it may know it. */
export interface PartnerKeyRow {
  readonly keyId: KeyId
  /** The slug and name of its organization. */
  readonly owner: string
  readonly ownerName: string
  readonly isPublic: boolean
  /** Whether the key and its consumer are active. */
  readonly active: boolean
  /** When it ends by its expiry or its owner's policy about age; `Infinity` for never. */
  readonly endsAtMs: number
  readonly deletedAtMs: number | null
}

/** An organization that has a key of another one, as the key's owner may know it. */
export interface AcceptedByRow {
  /** The slug and name of the organization that added the key. */
  readonly partner: string
  readonly partnerName: string
  /** Whether it has the key switched on. */
  readonly active: boolean
  readonly createdAtMs: number
}

export interface ExternalKeyReader {
  get(organization: string, id: string): Promise<ExternalKeyRow | undefined>
  /** What a key is in an organization. */
  find(organization: string, keyId: KeyId): Promise<ExternalKeyRow | undefined>
  list(organization: string, page: PageRequest): Promise<Page<ExternalKeyRow>>
  countOfOrganization(organization: string): Promise<number>
  /** The organizations that have a key as an external key, by slug. */
  acceptedBy(owner: string, keyId: KeyId): Promise<readonly AcceptedByRow[]>
  /** The organizations that have any key of an organization as an external key, by slug. */
  partnersOf(owner: string): Promise<readonly string[]>
  /** The keys with these ids, in no particular order. */
  partnerKeys(keyIds: readonly KeyId[]): Promise<readonly PartnerKeyRow[]>
  /** When each of these keys was last used in the organization, in ms since 1970. Unused ones are missing. */
  lastUses(organization: string, keyIds: readonly KeyId[]): Promise<ReadonlyMap<KeyId, number>>
}

export interface ExternalKeyWriter extends ExternalKeyReader {
  /** @throws Problem `conflict` when the organization has the key already */
  insert(row: ExternalKeyRow): Promise<void>
  /** Replaces label, roles, whether it is active, address rules and rate limits; other columns stay. */
  update(row: ExternalKeyRow): Promise<void>
  remove(organization: string, id: string): Promise<void>
}
