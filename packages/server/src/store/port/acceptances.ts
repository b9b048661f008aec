import type { KeyId } from '@sallyport/core'
import type { ExternalKeyRow } from './external-keys.ts'

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

export interface AcceptanceReader {
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
