import type { KeyRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import type { KeyRules, Lexicon } from './lexicon.ts'
import {
  CONSUMER,
  CREATED_AT,
  ENVIRONMENT,
  EXPIRES_AT,
  FIRST_SECRET,
  FLAG_DELETED,
  FLAG_INACTIVE,
  FLAG_PUBLIC,
  FLAGS,
  KEY_WORDS,
  type KeyShard,
  ORGANIZATION,
  ROLES,
  RULES,
  SECRET_COUNT,
  SECRET_EXPIRES_AT,
  SECRET_SEQUENCE,
  SECRET_WORDS,
} from './key-shard.ts'

/** One key in a table: reads straight from the rows. */
export class KeyView {
  readonly id: KeyId
  readonly #shard: KeyShard
  readonly #at: number
  readonly #lexicon: Lexicon

  constructor(shard: KeyShard, row: number, id: KeyId, lexicon: Lexicon) {
    this.#shard = shard
    this.#at = row * KEY_WORDS
    this.id = id
    this.#lexicon = lexicon
  }

  get organization(): string {
    return this.#lexicon.names.value(this.#word(ORGANIZATION))
  }

  /** The environment that the key is bound to, or null. */
  get environment(): string | null {
    const number = this.#word(ENVIRONMENT)
    return number === 0 ? null : this.#lexicon.names.value(number - 1)
  }

  /** The id of the consumer that holds the key, or null. */
  get consumer(): string | null {
    const number = this.#word(CONSUMER)
    return number === 0 ? null : this.#lexicon.names.value(number - 1)
  }

  get roles(): readonly string[] {
    return this.#lexicon.roleLists.value(this.#word(ROLES))
  }

  get rules(): KeyRules {
    return this.#lexicon.ruleSets.value(this.#word(RULES))
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

  get createdAtMs(): number {
    return this.#shard.times[(this.#at + CREATED_AT) >>> 1] ?? 0
  }

  /** `Infinity` for a key without an expiry. */
  get expiresAtMs(): number {
    return this.#shard.times[(this.#at + EXPIRES_AT) >>> 1] ?? 0
  }

  get secretCount(): number {
    return this.#word(SECRET_COUNT)
  }

  /**
   * Which of the key's secrets has this digest: its place, or -1. Every secret is compared whole, whether or not one
   * was found before, so that the time says nothing.
   *
   * @param digest 32 bytes
   */
  findSecret(digest: Uint8Array): number {
    const { words } = this.#shard
    const count = this.secretCount
    let found = -1
    for (let place = 0; place < count; place += 1) {
      const start = this.#secretStart(place)
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
      if (difference === 0) found = place
    }
    return found
  }

  /** When the grace of a secret ends; `Infinity` where it was not rolled. */
  secretExpiresAtMs(place: number): number {
    return this.#shard.times[(this.#secretStart(place) + SECRET_EXPIRES_AT) >>> 1] ?? 0
  }

  secretSequence(place: number): number {
    return this.#shard.words[this.#secretStart(place) + SECRET_SEQUENCE] ?? 0
  }

  /** The key as the record that it came from. */
  toRecord(): KeyRecord {
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
      addressRules: this.rules.addressRules,
      rateLimits: this.rules.rateLimits,
      secrets: Array.from({ length: this.secretCount }, (_, place) => ({
        sequence: this.secretSequence(place),
        digest: this.#digestText(place),
        expiresAtMs: finiteOrNull(this.secretExpiresAtMs(place)),
      })),
    }
  }

  #digestText(place: number): string {
    const start = this.#secretStart(place)
    let text = ''
    for (let byte = 0; byte < 32; byte += 1) {
      const value = ((this.#shard.words[start + (byte >>> 2)] ?? 0) >>> ((byte & 3) * 8)) & 0xff
      text += value.toString(16).padStart(2, '0')
    }
    return text
  }

  #secretStart(place: number): number {
    return this.#shard.secretsStart + (this.#word(FIRST_SECRET) + place) * SECRET_WORDS
  }

  #word(offset: number): number {
    return this.#shard.words[this.#at + offset] ?? 0
  }
}

function finiteOrNull(timeMs: number): number | null {
  return timeMs === Infinity ? null : timeMs
}
