import type { ConsumerRecord, KeyRecord } from '../feed/records.ts'
import { lifetimeEndsAtMs } from '../keys/key-age.ts'
import type { KeyId } from '../keys/key-text.ts'
import { isUnlabelled } from '../labels/labels.ts'
import { idField, rowFlags, rowId, timeAt, valueField } from '../tables/row.ts'
import type { ValuePool } from '../tables/value-pool.ts'
import { CONSUMER_PREFIX } from './consumer-rows.ts'
import {
  CREATED_AT,
  FIXED_WORDS,
  FLAG_CONSUMER,
  FLAG_DELETED,
  FLAG_EXPIRES,
  FLAG_FOREIGN,
  FLAG_INACTIVE,
  FLAG_PUBLIC,
  FLAG_RULES,
  HOME_AT,
  KEY_PREFIX,
  KeyLayout,
  SECRET_CREATED_AT,
  SECRET_EXPIRES_AT,
  SECRET_SEQUENCE,
} from './key-layout.ts'
import type { KeyLifetimes } from './key-lifetimes.ts'
import type { RecordTable } from './record-table.ts'
import { type Home, HOME, type KeyRules, NO_RULES, RULES } from './shared-values.ts'

/** One key in a table. It reads its fields from the table's row when they are asked for. */
export class KeyView {
  readonly id: KeyId
  readonly #words: Uint32Array
  readonly #at: number
  readonly #flags: number
  readonly #layout: KeyLayout
  readonly #pool: ValuePool
  readonly #lifetimes: KeyLifetimes
  #home: Home | undefined

  /** @param id the key's id, if it is known */
  constructor(words: Uint32Array, at: number, pool: ValuePool, lifetimes: KeyLifetimes, id?: KeyId) {
    this.#words = words
    this.#at = at
    this.#flags = rowFlags(words, at)
    this.#layout = new KeyLayout(this.#flags)
    this.#pool = pool
    this.#lifetimes = lifetimes
    this.id = id ?? (rowId(words, at, KEY_PREFIX) as KeyId)
  }

  get organization(): string {
    return this.#homeValue.organization
  }

  /** The name of the environment that the key is bound to, or null. */
  get environment(): string | null {
    return this.#homeValue.environment
  }

  /** The id of the consumer that the key belongs to, or null. */
  get consumer(): string | null {
    if ((this.#flags & FLAG_CONSUMER) === 0) return null
    return idField(this.#words, this.#at, this.#layout.consumerAt, CONSUMER_PREFIX)
  }

  /** The record of the consumer that the key belongs to; undefined for none. */
  consumerIn(consumers: RecordTable<ConsumerRecord>): ConsumerRecord | undefined {
    if ((this.#flags & FLAG_CONSUMER) === 0) return undefined
    return consumers.findIn(this.#words, this.#at, this.#layout.consumerAt)
  }

  get roles(): readonly string[] {
    return this.#homeValue.names
  }

  get rules(): KeyRules {
    if ((this.#flags & FLAG_RULES) === 0) return NO_RULES
    return valueField(this.#words, this.#at, this.#layout.rulesAt, RULES, this.#pool)
  }

  get isPublic(): boolean {
    return (this.#flags & FLAG_PUBLIC) !== 0
  }

  get isActive(): boolean {
    return (this.#flags & FLAG_INACTIVE) === 0
  }

  get isDeleted(): boolean {
    return (this.#flags & FLAG_DELETED) !== 0
  }

  /** Milliseconds since 1970. */
  get createdAtMs(): number {
    return timeAt(this.#words, this.#at + CREATED_AT)
  }

  /** Milliseconds since 1970; `Infinity` for a key without an expiry. */
  get expiresAtMs(): number {
    return (this.#flags & FLAG_EXPIRES) === 0 ? Infinity : timeAt(this.#words, this.#at + FIXED_WORDS)
  }

  /**
   * When the key ends, by its expiry or the lifetime of its current secret: milliseconds since 1970, `Infinity` for never.
   */
  get endsAtMs(): number {
    const days = this.#maxLifetimeDays
    if (days === null) return this.expiresAtMs
    return Math.min(this.expiresAtMs, lifetimeEndsAtMs(this.#secretCreatedAtMs(this.#currentSecret()), days))
  }

  get secretCount(): number {
    return this.#layout.secretCount
  }

  /**
   * Finds the secret with this digest. It compares every secret in full, even after a match, so that the time it takes
   * reveals nothing.
   *
   * @param digest SHA-256 of a token, 32 bytes
   * @returns the index of the secret among the key's secrets, or -1
   */
  findSecret(digest: Uint8Array): number {
    const words = this.#words
    const count = this.secretCount
    let found = -1
    for (let index = 0; index < count; index += 1) {
      const start = this.#secretStart(index)
      let difference = 0
      for (let word = 0; word < 8; word += 1) {
        const byte = word * 4
        difference |=
          (words[start + word] ?? 0) ^
          ((digest[byte] ?? 0) |
            ((digest[byte + 1] ?? 0) << 8) |
            ((digest[byte + 2] ?? 0) << 16) |
            ((digest[byte + 3] ?? 0) << 24))
      }
      if (difference === 0) found = index
    }
    return found
  }

  /** When the grace of a rolled secret ends, in milliseconds since 1970; `Infinity` for the current secret. */
  secretExpiresAtMs(index: number): number {
    return this.#layout.doSecretsExpire
      ? timeAt(this.#words, this.#secretStart(index) + SECRET_EXPIRES_AT)
      : Infinity
  }

  /** When a secret ends, by its grace or its lifetime: milliseconds since 1970, `Infinity` for never. */
  secretEndsAtMs(index: number): number {
    const days = this.#maxLifetimeDays
    const expiresAtMs = this.secretExpiresAtMs(index)
    return days === null
      ? expiresAtMs
      : Math.min(expiresAtMs, lifetimeEndsAtMs(this.#secretCreatedAtMs(index), days))
  }

  /** Whether the key has two live secrets. @param nowMs milliseconds since 1970 */
  isRolling(nowMs: number): boolean {
    let live = 0
    for (let index = 0; index < this.secretCount; index += 1) {
      if (this.secretEndsAtMs(index) > nowMs) live += 1
    }
    return live > 1
  }

  /** The number of a secret: 1 for the key's first one, then 2, 3, … */
  secretSequence(index: number): number {
    return this.#words[this.#secretStart(index) + SECRET_SEQUENCE] ?? 0
  }

  /** The record that the key was made from. */
  toRecord(): KeyRecord {
    const { addressRules, rateLimits, labels } = this.rules
    return {
      kind: 'key',
      organization: this.organization,
      id: this.id,
      type: this.isPublic ? 'public' : 'secret',
      environment: this.environment,
      consumer: this.consumer,
      roles: this.roles,
      active: this.isActive,
      deleted: this.isDeleted,
      createdAtMs: this.createdAtMs,
      expiresAtMs: finiteOrNull(this.expiresAtMs),
      addressRules,
      rateLimits,
      ...(isUnlabelled(labels) ? {} : { labels }),
      secrets: Array.from({ length: this.secretCount }, (_, index) => ({
        sequence: this.secretSequence(index),
        digest: this.#digestText(index),
        expiresAtMs: finiteOrNull(this.secretExpiresAtMs(index)),
        createdAtMs: this.#secretCreatedAtMs(index),
      })),
      ...((this.#flags & FLAG_FOREIGN) !== 0 && { hasForeignToken: true }),
    }
  }

  get #maxLifetimeDays(): number | null {
    const lifetimes = this.#lifetimes
    return lifetimes.isEmpty ? null : lifetimes.daysOf(this.organization, this.environment)
  }

  #secretCreatedAtMs(index: number): number {
    return (this.#words[this.#secretStart(index) + SECRET_CREATED_AT] ?? 0) * 1000
  }

  /** The same secret as `currentSecret` in `keys/key-state.ts` finds. */
  #currentSecret(): number {
    const last = this.secretCount - 1
    for (let index = last; index >= 0; index -= 1) {
      if (this.secretExpiresAtMs(index) === Infinity) return index
    }
    return last
  }

  #digestText(index: number): string {
    const start = this.#secretStart(index)
    let text = ''
    for (let byte = 0; byte < 32; byte += 1) {
      const value = ((this.#words[start + (byte >>> 2)] ?? 0) >>> ((byte & 3) * 8)) & 0xff
      text += value.toString(16).padStart(2, '0')
    }
    return text
  }

  #secretStart(index: number): number {
    return this.#at + this.#layout.secretsAt + index * this.#layout.secretWords
  }

  get #homeValue(): Home {
    return (this.#home ??= valueField(this.#words, this.#at, HOME_AT, HOME, this.#pool))
  }
}

function finiteOrNull(timeMs: number): number | null {
  return timeMs === Infinity ? null : timeMs
}
