import type { KeyAgeRecord, KeyRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import { emptyInternedValues, internedChars, type InternedValues } from './interned-values.ts'
import { KeyLifetimes } from './key-lifetimes.ts'
import { EMPTY_SHARD, FLAG_FOREIGN, FLAGS, ID, KEY_WORDS, type KeyShard, mixId } from './key-shard.ts'
import { KeyView } from './key-view.ts'
import { idText, idWord, moveInterned, packedWords, packKey } from './pack-key.ts'

/** The number of shards. With a million keys, one change copies about a thousand rows in 25 µs. */
export const SHARDS = 1024

/** So much memory of interned values that no key has any more is kept at least, in characters, and so much for each key. */
const UNUSED_CHARS = 8 * 1024 * 1024
const UNUSED_CHARS_PER_KEY = 64

/**
 * Every key that a gateway knows, by id. Immutable: `with` and `withAll` return the table after one change, which shares all
 * shards with this table in which nothing has changed.
 */
export class KeyTable {
  readonly #shards: readonly KeyShard[]
  readonly #interned: InternedValues
  /** The memory of the interned values of which all were in use, in characters. */
  readonly #usedChars: number
  /** The number of keys, deleted ones included. */
  readonly size: number
  /** The number of keys with a token that was issued elsewhere, deleted ones included. */
  readonly foreignCount: number
  readonly #lifetimes: KeyLifetimes

  private constructor(
    shards: readonly KeyShard[],
    interned: InternedValues,
    size: number,
    foreignCount: number,
    lifetimes: KeyLifetimes,
    usedChars = internedChars(interned),
  ) {
    this.#shards = shards
    this.#interned = interned
    this.size = size
    this.foreignCount = foreignCount
    this.#lifetimes = lifetimes
    this.#usedChars = usedChars
  }

  static empty(): KeyTable {
    return new KeyTable(
      new Array<KeyShard>(SHARDS).fill(EMPTY_SHARD),
      emptyInternedValues(),
      0,
      0,
      KeyLifetimes.NONE,
    )
  }

  /** Only for `KeyTableLoader`. */
  static assemble(
    shards: readonly KeyShard[],
    interned: InternedValues,
    size: number,
    foreignCount: number,
    ages: Iterable<KeyAgeRecord>,
  ): KeyTable {
    return new KeyTable(shards, interned, size, foreignCount, KeyLifetimes.of(ages, interned))
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
    return row < 0 ? undefined : new KeyView(shard, row, id, this.#interned, this.#lifetimes)
  }

  /** The table with a key added or replaced. */
  with(key: KeyRecord): KeyTable {
    return this.withAll([key])
  }

  /**
   * The table with keys added or replaced, one after the other. Each shard that gets new keys is copied once for all of
   * them: an import adds thousands of keys in a change.
   */
  withAll(keys: readonly KeyRecord[]): KeyTable {
    const shards = [...this.#shards]
    const added = new Map<number, Uint32Array[]>()
    let { foreignCount } = this
    // The last one counts of those with the same id.
    for (const key of new Map(keys.map((one) => [one.id, one])).values()) {
      const packed = new Uint32Array(packedWords(key))
      packKey(key, this.#interned, packed, 0)
      const [a = 0, b = 0, c = 0, d = 0] = packed
      const mixed = mixId(a, b, c, d)
      const index = mixed & (SHARDS - 1)
      const shard = shards[index] ?? EMPTY_SHARD
      const known = shard.find(a, b, c, d, mixed)
      foreignCount += foreignOf(packed, 0)
      if (known < 0) {
        const others = added.get(index)
        if (others === undefined) added.set(index, [packed])
        else others.push(packed)
      } else {
        foreignCount -= foreignOf(shard.words, known * KEY_WORDS)
        shards[index] = shard.with(known, packed)
      }
    }
    let { size } = this
    for (const [index, fresh] of added) {
      shards[index] = (shards[index] ?? EMPTY_SHARD).withNew(fresh)
      size += fresh.length
    }
    const next = new KeyTable(shards, this.#interned, size, foreignCount, this.#lifetimes, this.#usedChars)
    const unusedChars = internedChars(this.#interned) - 2 * this.#usedChars
    return unusedChars > UNUSED_CHARS + UNUSED_CHARS_PER_KEY * next.size ? next.#compacted() : next
  }

  /** The same keys, without interned values that no key has any more. */
  #compacted(): KeyTable {
    const interned = emptyInternedValues()
    const edit = moveInterned(this.#interned, interned)
    return new KeyTable(
      this.#shards.map((shard) => (shard.keyCount === 0 ? shard : shard.withRows(edit))),
      interned,
      this.size,
      this.foreignCount,
      KeyLifetimes.of(this.#lifetimes.records(), interned),
    )
  }

  /** The policies about the age of keys, in no particular order. */
  get ages(): Iterable<KeyAgeRecord> {
    return this.#lifetimes.records()
  }

  /** The table with the policy about the age of some keys added or replaced. No key is touched. */
  withAge(record: KeyAgeRecord): KeyTable {
    return this.#withLifetimes(this.#lifetimes.with(record, this.#interned))
  }

  /** The table without the policy that has this id, which is of `keyAgeId`. */
  withoutAge(organization: string, id: string): KeyTable {
    return this.#withLifetimes(this.#lifetimes.without(organization, id, this.#interned))
  }

  #withLifetimes(lifetimes: KeyLifetimes): KeyTable {
    return new KeyTable(
      this.#shards,
      this.#interned,
      this.size,
      this.foreignCount,
      lifetimes,
      this.#usedChars,
    )
  }

  /** Every key, in no particular order. */
  *views(): Generator<KeyView> {
    for (const shard of this.#shards) {
      for (let row = 0; row < shard.keyCount; row += 1) {
        const id = idText(shard.words, row * KEY_WORDS + ID)
        yield new KeyView(shard, row, id, this.#interned, this.#lifetimes)
      }
    }
  }

  /** About how much memory the values take that the rows refer to, in characters. */
  get valueChars(): number {
    return internedChars(this.#interned)
  }

  /** The size of all rows and slots in bytes. */
  get byteLength(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.byteLength, 0)
  }
}

/** 1 for a key row with a token that was issued elsewhere, else 0. */
export function foreignOf(words: Uint32Array, at: number): 0 | 1 {
  return ((words[at + FLAGS] ?? 0) & FLAG_FOREIGN) === 0 ? 0 : 1
}
