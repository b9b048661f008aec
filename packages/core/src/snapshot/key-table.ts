import type { KeyRecord } from '../feed.ts'
import type { KeyId } from '../key-text.ts'
import type { RateLimit } from '../pipeline-spec.ts'
import { Interner } from './interner.ts'
import { KeyShardBuilder, writeTime, type PackedSecret } from './key-shard-builder.ts'
import {
  CONSUMER,
  CREATED_AT,
  EMPTY_SHARD,
  ENVIRONMENT,
  EXPIRES_AT,
  FIRST_SECRET,
  FLAG_DELETED,
  FLAG_INACTIVE,
  FLAG_PUBLIC,
  FLAGS,
  ID,
  KEY_WORDS,
  type KeyShard,
  mixId,
  ORGANIZATION,
  ROLES,
  RULES,
  SECRET_COUNT,
  SECRET_EXPIRES_AT,
  SECRET_SEQUENCE,
  SECRET_WORDS,
} from './key-shard.ts'

/** How many shards: at a million keys one change copies some thousand rows, about 50 µs. */
const SHARDS = 1024

/** What narrows a key's use; shared by all keys with the same rules. */
export interface KeyRules {
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
}

/** What rows hold the numbers of. Shared by the tables of all revisions. */
interface Lexicon {
  readonly names: Interner<string>
  readonly roleLists: Interner<readonly string[]>
  readonly ruleSets: Interner<KeyRules>
}

/**
 * Every key that a gateway knows, by id. Immutable: `with` gives the table after one change, and shares all shards
 * but one with this one.
 */
export class KeyTable {
  readonly #shards: readonly KeyShard[]
  readonly #lexicon: Lexicon
  readonly size: number

  private constructor(shards: readonly KeyShard[], lexicon: Lexicon, size: number) {
    this.#shards = shards
    this.#lexicon = lexicon
    this.size = size
  }

  static empty(): KeyTable {
    return new KeyTableLoader().build()
  }

  /** For `KeyTableLoader` alone. */
  static assemble(shards: readonly KeyShard[], lexicon: Lexicon, size: number): KeyTable {
    return new KeyTable(shards, lexicon, size)
  }

  /** The key with this id, or undefined. */
  find(id: KeyId): KeyView | undefined {
    const a = idWord(id, 4)
    const b = idWord(id, 8)
    const c = idWord(id, 12)
    const d = idWord(id, 16)
    const mixed = mixId(a, b, c, d)
    const shard = this.#shards[mixed & (SHARDS - 1)] ?? EMPTY_SHARD
    const row = shard.find(a, b, c, d, mixed)
    return row < 0 ? undefined : new KeyView(shard, row, id, this.#lexicon)
  }

  /** The table after a key was added or changed. */
  with(key: KeyRecord): KeyTable {
    const row = packKey(key, this.#lexicon)
    const [a = 0, b = 0, c = 0, d = 0] = row
    const mixed = mixId(a, b, c, d)
    const place = mixed & (SHARDS - 1)
    const shard = this.#shards[place] ?? EMPTY_SHARD
    const known = shard.find(a, b, c, d, mixed)
    const builder = new KeyShardBuilder()
    builder.copyAllBut(shard, known)
    builder.add(row, packSecrets(key))
    return new KeyTable(
      this.#shards.with(place, builder.build()),
      this.#lexicon,
      this.size + (known < 0 ? 1 : 0),
    )
  }

  *views(): Generator<KeyView> {
    for (const shard of this.#shards) {
      for (let row = 0; row < shard.keyCount; row += 1) {
        yield new KeyView(shard, row, idText(shard.words, row * KEY_WORDS + ID), this.#lexicon)
      }
    }
  }

  /** The bytes of all rows and slots. */
  get byteLength(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.byteLength, 0)
  }
}

/** Builds a table from many keys at once, each id at most once. */
export class KeyTableLoader {
  readonly #builders: (KeyShardBuilder | undefined)[] = new Array<KeyShardBuilder | undefined>(SHARDS).fill(
    undefined,
  )
  readonly #lexicon: Lexicon = { names: new Interner(), roleLists: new Interner(), ruleSets: new Interner() }
  #size = 0

  add(key: KeyRecord): void {
    const row = packKey(key, this.#lexicon)
    const place = mixId(row[0] ?? 0, row[1] ?? 0, row[2] ?? 0, row[3] ?? 0) & (SHARDS - 1)
    const builder = (this.#builders[place] ??= new KeyShardBuilder())
    builder.add(row, packSecrets(key))
    this.#size += 1
  }

  build(): KeyTable {
    const shards = this.#builders.map((builder, place) => {
      this.#builders[place] = undefined
      return builder === undefined ? EMPTY_SHARD : builder.build()
    })
    return KeyTable.assemble(shards, this.#lexicon, this.#size)
  }
}

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

/** The row of a key, all but the place of its secrets. The array is written anew by each call. */
function packKey(key: KeyRecord, lexicon: Lexicon): Uint32Array {
  const { names, roleLists, ruleSets } = lexicon
  const row = packScratch
  for (let word = 0; word < 4; word += 1) row[ID + word] = idWord(key.id, 4 + word * 4)
  row[ORGANIZATION] = names.number(key.organization, key.organization)
  row[ENVIRONMENT] = key.environment === null ? 0 : names.number(key.environment, key.environment) + 1
  row[CONSUMER] = key.consumer === null ? 0 : names.number(key.consumer, key.consumer) + 1
  row[ROLES] = roleLists.number(key.roles, key.roles.join(' '))
  row[RULES] =
    key.addressRules.length === 0 && key.rateLimits.length === 0
      ? ruleSets.number(NO_RULES, '')
      : ruleSets.number(
          { addressRules: key.addressRules, rateLimits: key.rateLimits },
          JSON.stringify([key.addressRules, key.rateLimits]),
        )
  row[FLAGS] =
    (key.type === 'public' ? FLAG_PUBLIC : 0) |
    (key.active ? 0 : FLAG_INACTIVE) |
    (key.deleted ? FLAG_DELETED : 0)
  writeTime(row, CREATED_AT, key.createdAtMs)
  writeTime(row, EXPIRES_AT, key.expiresAtMs ?? Infinity)
  return row
}

const packScratch = new Uint32Array(KEY_WORDS)
const NO_RULES: KeyRules = { addressRules: [], rateLimits: [] }

function packSecrets(key: KeyRecord): PackedSecret[] {
  return key.secrets.map(({ sequence, digest, expiresAtMs }) => ({
    sequence,
    digest,
    expiresAtMs: expiresAtMs ?? Infinity,
  }))
}

/** Four ASCII characters as one word. */
function idWord(id: string, at: number): number {
  return (
    (id.charCodeAt(at) |
      (id.charCodeAt(at + 1) << 8) |
      (id.charCodeAt(at + 2) << 16) |
      (id.charCodeAt(at + 3) << 24)) >>>
    0
  )
}

function idText(words: Uint32Array, at: number): KeyId {
  let text = ''
  for (let byte = 0; byte < 16; byte += 1) {
    text += String.fromCharCode(((words[at + (byte >>> 2)] ?? 0) >>> ((byte & 3) * 8)) & 0xff)
  }
  return `key_${text}`
}

function finiteOrNull(timeMs: number): number | null {
  return timeMs === Infinity ? null : timeMs
}
