import type { KeyAge, KeyId } from '@sallyport/core'

/** The policy about the age of keys: of one environment, or of the organization's keys without an environment. */
export interface KeyAgeRow extends KeyAge {
  readonly organization: string
  /** Null for the keys without an environment. */
  readonly environment: string | null
  /** 1, 2, 3, … */
  readonly version: number
  readonly updatedAtMs: number
  readonly updatedBy: string
}

/** A key that a shorter maximum lifetime would end earlier than now. */
export interface AffectedKey {
  readonly keyId: KeyId
  readonly name: string
  /** The id of its consumer. */
  readonly consumer: string | null
  /** When the new maximum ends it, in ms since 1970; in the past for a key that would stop at once. */
  readonly endsAtMs: number
}

export interface AffectedKeys {
  /** The first ones, in the order in which they end. */
  readonly first: readonly AffectedKey[]
  /** How many there are; a lower bound if there are too many to count. */
  readonly total: number
  readonly isTotalExact: boolean
}

/** Which keys a change of the maximum lifetime is about. */
export interface LifetimeChange {
  readonly organization: string
  readonly environment: string | null
  /** In days; null for no maximum. */
  readonly before: number | null
  readonly after: number | null
  readonly atMs: number
}

/** An end of a key by its age, that must be told. */
export interface LifetimeEnd {
  readonly organization: string
  readonly keyId: KeyId
  readonly kind: 'expiring' | 'expired'
  /** Since when it is so: not before the policy was set. In ms since 1970. */
  readonly dueAtMs: number
}

/** A position in the order of policies. */
export interface KeyAgePosition {
  readonly organization: string
  readonly environment: string | null
}

export interface TakenEnds {
  readonly ends: readonly LifetimeEnd[]
  /** The last policy whose ends were all taken; undefined after the last policy of all. */
  readonly through: KeyAgePosition | undefined
}

export interface KeyAgeReader {
  /** Undefined as long as no policy was set. */
  current(organization: string, environment: string | null): Promise<KeyAgeRow | undefined>
  /** The rules that keys of an environment, or those without one (null), follow now. */
  rules(organization: string, environment: string | null): Promise<KeyAge>
  /** The keys that work now and that a change of the maximum ends earlier. */
  affected(change: LifetimeChange, limit: number): Promise<AffectedKeys>
}

export interface KeyAgeWriter extends KeyAgeReader {
  /** Adds or replaces a policy. A new maximum lets the ends of keys be told anew. */
  put(row: KeyAgeRow): Promise<void>
  /**
   * Takes the ends of keys by age that are due, of at most `POLICIES_TAKEN` policies: at most `limit`. Each secret has each
   * end once until the maximum changes.
   *
   * @param after the policies up to this one are left out
   */
  takeEnds(nowMs: number, limit: number, after: KeyAgePosition | undefined): Promise<TakenEnds>
}
