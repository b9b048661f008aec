import type { KeyId } from '@sallyport/core'
import type { ExternalKeyRow } from './external-keys.ts'
import type { Page, PageRequest } from './pages/paging.ts'

/** That an organization does not let others accept its keys: one key or all, one other organization or all. */
export interface AcceptanceRefusalRow {
  /** The organization that owns the keys. */
  readonly organization: string
  /** Null for all its keys. */
  readonly keyId: KeyId | null
  /** The slug of the organization that may not accept them; null for all. */
  readonly partner: string | null
  readonly createdAtMs: number
  readonly createdBy: string
}

/** What a refusal is about. */
export type AcceptanceScope = Pick<AcceptanceRefusalRow, 'organization' | 'keyId' | 'partner'>

/** Which of the owner's rules forbid an acceptance: that of all its keys, that of the key, or that of the key and the partner. */
export type ForbiddingRule = 'organization' | 'key' | 'partner'

/** A key that another organization has added, as the key's owner may know it. */
export interface AcceptedKeyRow {
  readonly keyId: KeyId
  readonly keyName: string
  /** The slug and name of the organization that added it. */
  readonly partner: string
  readonly partnerName: string
  /** Whether it has the key switched on. */
  readonly active: boolean
  /** Empty if the owner allows it. */
  readonly forbiddenBy: readonly ForbiddingRule[]
  readonly createdAtMs: number
  /** When the key was last used there; null if never. */
  readonly lastUsedAtMs: number | null
}

export interface AcceptanceReader {
  /** The keys that others have added, without deleted ones, by their id and then by the slug of the other. */
  list(owner: string, page: PageRequest): Promise<Page<AcceptedKeyRow>>
  /** The refusals that concern a key: those of all keys, and its own. */
  refusalsOf(organization: string, keyId: KeyId): Promise<readonly AcceptanceRefusalRow[]>
  get(scope: AcceptanceScope): Promise<AcceptanceRefusalRow | undefined>
}

/** An external key whose `allowed` has changed. */
export type DecidedExternalKey = Pick<ExternalKeyRow, 'organization' | 'id' | 'keyId'>

/** Each change decides `allowed` of the external keys that it concerns, and returns those that have another value now. */
export interface AcceptanceWriter extends AcceptanceReader {
  refuse(row: AcceptanceRefusalRow): Promise<readonly DecidedExternalKey[]>
  /** Removes a refusal, so that the other refusals decide. */
  allow(scope: AcceptanceScope): Promise<readonly DecidedExternalKey[]>
}
