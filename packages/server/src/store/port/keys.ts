import type { KeyFacts, KeyId, KeyType, RateLimit } from '@sallyport/core'
import type { PageRequest, Page } from './paging.ts'

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
  readonly consumer: string | null
  readonly roles: readonly string[]
  readonly active: boolean
  readonly createdAtMs: number
  readonly createdBy: string
  readonly expiresAtMs: number | null
  readonly deletedAtMs: number | null
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
  /** The tokens of a public key's live secrets, oldest first, which may be read any time; of a secret key always none. */
  readonly publicTokens: readonly string[]
  /** Oldest first. */
  readonly secrets: readonly SecretRow[]
}

export interface KeyFilter {
  readonly environment?: string
  readonly consumer?: string
  /** Deleted keys are tombstones: they are listed only when asked for. */
  readonly includeDeleted?: boolean
}

export interface KeyReader {
  get(organization: string, id: KeyId): Promise<KeyRow | undefined>
  /** Whichever organization it belongs to: the door through which a management credential comes. */
  find(id: KeyId): Promise<KeyRow | undefined>
  list(organization: string, page: PageRequest, filter?: KeyFilter): Promise<Page<KeyRow>>
  allOfConsumer(organization: string, consumer: string): Promise<readonly KeyRow[]>
  /**
   * How many keys use a role in the organization as a whole at that time: active, neither deleted nor expired, and of
   * no environment, as those of consumers are.
   */
  countUsingRole(organization: string, role: string, nowMs: number): Promise<number>
}

export interface KeyWriter extends KeyReader {
  /** With its secrets. */
  insert(row: KeyRow): Promise<void>
  /** Replaces everything but id, type, creation and secrets. A deleted key is an update too: it sets `deletedAtMs`. */
  update(row: KeyRow): Promise<void>
  /** Replaces the key's set of secrets, keeping the usage of those that stay. */
  replaceSecrets(organization: string, id: KeyId, secrets: readonly SecretRow[]): Promise<void>
}
