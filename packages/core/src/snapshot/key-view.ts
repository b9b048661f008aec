import type { KeyRecord } from '../feed/records.ts'
import { lifetimeEndsAtMs } from '../keys/key-age.ts'
import type { KeyId } from '../keys/key-text.ts'
import { isUnlabelled } from '../labels/labels.ts'
import type { InternedValues, KeyRules } from './interned-values.ts'
import type { KeyLifetimes } from './key-lifetimes.ts'
import {
  CONSUMER,
  CREATED_AT,
  ENVIRONMENT,
  EXPIRES_AT,
  FIRST_SECRET,
  FLAG_DELETED,
  FLAG_FOREIGN,
  FLAG_INACTIVE,
  FLAG_PUBLIC,
  FLAGS,
  KEY_WORDS,
  type KeyShard,
  ORGANIZATION,
  ROLES,
  RULES,
  SECRET_COUNT,
  SECRET_CREATED_AT,
  SECRET_EXPIRES_AT,
  SECRET_SEQUENCE,
  SECRET_WORDS,
} from './key-shard.ts'

/** One key in a table. It reads its fields from the table's rows when they are asked for. */
export class KeyView {
  readonly id: KeyId
  readonly #shard: KeyShard
  readonly #at: number
  readonly #interned: InternedValues
  readonly #lifetimes: KeyLifetimes

  constructor(shard: KeyShard, row: number, id: KeyId, interned: InternedValues, lifetimes: KeyLifetimes) {
    this.#shard = shard
    this.#at = row * KEY_WORDS
    this.id = id
    this.#interned = interned
    this.#lifetimes = lifetimes
  }

  get organization(): string {
    return this.#interned.names.value(this.#word(ORGANIZATION))
  }

  /** The name of the environment that the key is bound to, or null. */
  get environment(): string | null {
    const number = this.#word(ENVIRONMENT)
    return number === 0 ? null : this.#interned.names.value(number - 1)
  }

  /** The id of the consumer that the key belongs to, or null. */
  get consumer(): string | null {
    const number = this.#word(CONSUMER)
    return number === 0 ? null : this.#interned.names.value(number - 1)
  }

  get roles(): readonly string[] {
    return this.#interned.roleLists.value(this.#word(ROLES))
  }

  get rules(): KeyRules {
    return this.#interned.ruleSets.value(this.#word(RULES))
  }

  get isPublic(): boolean {
    return (this.#word(FLAGS) & FLAG_PUBLIC) !== 0
  }

  get isActive(): boolean {
    return (this.#word(FLAGS) & FLAG_INACTIVE) === 0
  }

  get isDeleted(): boolean {
    return (this.#word(FLAGS) & FLAG_DELETED) !== 0
  }

  /** Milliseconds since 1970. */
  get createdAtMs(): number {
    return this.#shard.times[(this.#at + CREATED_AT) >>> 1] ?? 0
  }

  /** Milliseconds since 1970; `Infinity` for a key without an expiry. */
  get expiresAtMs(): number {
    return this.#shard.times[(this.#at + EXPIRES_AT) >>> 1] ?? 0
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
    return this.#word(SECRET_COUNT)
  }

  /**
   * Finds the secret with this digest. It compares every secret in full, even after a match, so that the time it takes
   * reveals nothing.
   *
   * @param digest SHA-256 of a token, 32 bytes
   * @returns the index of the secret among the key's secrets, or -1
   */
  findSecret(digest: Uint8Array): number {
    const { words } = this.#shard
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
    return this.#shard.times[(this.#secretStart(index) + SECRET_EXPIRES_AT) >>> 1] ?? 0
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
    return this.#shard.words[this.#secretStart(index) + SECRET_SEQUENCE] ?? 0
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
      ...((this.#word(FLAGS) & FLAG_FOREIGN) !== 0 && { hasForeignToken: true }),
    }
  }

  get #maxLifetimeDays(): number | null {
    const lifetimes = this.#lifetimes
    return lifetimes.isEmpty ? null : lifetimes.daysOf(this.#word(ORGANIZATION), this.#word(ENVIRONMENT))
  }

  #secretCreatedAtMs(index: number): number {
    return (this.#shard.words[this.#secretStart(index) + SECRET_CREATED_AT] ?? 0) * 1000
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
      const value = ((this.#shard.words[start + (byte >>> 2)] ?? 0) >>> ((byte & 3) * 8)) & 0xff
      text += value.toString(16).padStart(2, '0')
    }
    return text
  }

  #secretStart(index: number): number {
    return this.#shard.secretsStart + (this.#word(FIRST_SECRET) + index) * SECRET_WORDS
  }

  #word(offset: number): number {
    return this.#shard.words[this.#at + offset] ?? 0
  }
}

function finiteOrNull(timeMs: number): number | null {
  return timeMs === Infinity ? null : timeMs
}
