import type { KeyAge, KeyFacts, KeyId, KeyType, Labels, RateLimit } from '@sallyport/core'
import type { KeySelection } from './key-lists.ts'
import type { CountedPage, PageRequest } from './pages/paging.ts'

export interface SecretRow {
  readonly sequence: number
  /** SHA-256 of the whole token, 64 lower-case hexadecimal digits. */
  readonly digest: string
  readonly hint: string
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
  readonly requests: number
  readonly lastUsedAtMs: number | null
  readonly lastUsedAddress: string | null
}

export interface KeyRow extends KeyFacts<SecretRow> {
  readonly organization: string
  readonly id: KeyId
  readonly name: string
  readonly type: KeyType
  readonly environment: string | null
  /** The id of its consumer; of a deleted key also after the consumer is removed. */
  readonly consumer: string | null
  readonly roles: readonly string[]
  readonly active: boolean
  readonly createdAtMs: number
  readonly createdBy: string
  readonly expiresAtMs: number | null
  readonly deletedAtMs: number | null
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
  /** Its own, without those of its consumer. */
  readonly labels: Labels
  /** The tokens of a public key's live secrets, oldest first. Empty for a secret key. */
  readonly publicTokens: readonly string[]
  /** Of the policies that are in force when the key is read; a writer ignores it. */
  readonly age: KeyAge
  /** Oldest first. */
  readonly secrets: readonly SecretRow[]
}

/** A page has at most `limit` keys. It can have fewer, or none, although another one follows. */
export type KeyPage = CountedPage<KeyRow>

/** A time at which something must be told about a key. */
export interface KeyDeadline {
  readonly organization: string
  readonly keyId: KeyId
  readonly kind: 'expiring' | 'expired' | 'old-secret'
  readonly dueAtMs: number
}

export interface KeyReader {
  get(organization: string, id: KeyId): Promise<KeyRow | undefined>
  /** Finds a key of any organization, to authenticate a management request. */
  find(id: KeyId): Promise<KeyRow | undefined>
  list(organization: string, page: PageRequest, selection?: KeySelection): Promise<KeyPage>
  /** The keys of a consumer, oldest first, without deleted ones. */
  allOfConsumer(organization: string, consumer: string): Promise<readonly KeyRow[]>
  /** The names of the consumers that these keys have or, deleted, had when they were removed; by the key's id. */
  consumerNames(organization: string, ids: readonly KeyId[]): Promise<ReadonlyMap<KeyId, string>>
  /** Which of these ids have a key, of any organization, also a deleted one. */
  taken(
    ids: readonly KeyId[],
  ): Promise<readonly Pick<KeyRow, 'organization' | 'id' | 'environment' | 'deletedAtMs'>[]>
  /** How many keys these consumers have, without deleted ones; a consumer without keys is left out. */
  countsOfConsumers(organization: string, consumers: readonly string[]): Promise<ReadonlyMap<string, number>>
  /**
   * Counts the organization's own keys with this role: active, not deleted, not expired at `nowMs`, and without an
   * environment.
   */
  countUsingRole(organization: string, role: string, nowMs: number): Promise<number>
}

export interface KeyWriter extends KeyReader {
  /** Also inserts its secrets. */
  insert(row: KeyRow): Promise<void>
  /** Inserts keys of one organization, none of them deleted, with a number of statements that does not depend on theirs. */
  insertAll(rows: readonly KeyRow[]): Promise<void>
  /** Replaces everything except id, type, creation and secrets. Setting `deletedAtMs` deletes the key for good. */
  update(row: KeyRow): Promise<void>
  /**
   * Takes the deadlines of all organizations that have passed: at most `limit`, the earliest first. A key has each of them
   * once until its expiry changes, or it is rolled again.
   */
  takeDeadlines(nowMs: number, limit: number): Promise<readonly KeyDeadline[]>
  /** Replaces the key's secrets. A secret that stays keeps its usage counters. */
  replaceSecrets(organization: string, id: KeyId, secrets: readonly SecretRow[]): Promise<void>
}
