import type { KeyRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import { emptyInternedValues, type InternedValues } from './interned-values.ts'
import { EMPTY_SHARD, ID, KEY_WORDS, type KeyShard, mixId } from './key-shard.ts'
import { KeyView } from './key-view.ts'
import { idText, idWord, packedWords, packKey } from './pack-key.ts'

/** The number of shards. With a million keys, one change copies about a thousand rows in 25 µs. */
export const SHARDS = 1024

/**
 * Every key that a gateway knows, by id. Immutable: `with` returns the table after one change, which shares all shards
 * but one with this table.
 */
export class KeyTable {
  readonly #shards: readonly KeyShard[]
  readonly #interned: InternedValues
  /** The number of keys, deleted ones included. */
  readonly size: number

  private constructor(shards: readonly KeyShard[], interned: InternedValues, size: number) {
    this.#shards = shards
    this.#interned = interned
    this.size = size
  }

  static empty(): KeyTable {
    return new KeyTable(new Array<KeyShard>(SHARDS).fill(EMPTY_SHARD), emptyInternedValues(), 0)
  }

  /** Only for `KeyTableLoader`. */
  static assemble(shards: readonly KeyShard[], interned: InternedValues, size: number): KeyTable {
    return new KeyTable(shards, interned, size)
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
    return row < 0 ? undefined : new KeyView(shard, row, id, this.#interned)
  }

  /** The table with a key added or replaced. */
  with(key: KeyRecord): KeyTable {
    const packed = new Uint32Array(packedWords(key))
    packKey(key, this.#interned, packed, 0)
    const [a = 0, b = 0, c = 0, d = 0] = packed
    const mixed = mixId(a, b, c, d)
    const index = mixed & (SHARDS - 1)
    const shard = this.#shards[index] ?? EMPTY_SHARD
    const known = shard.find(a, b, c, d, mixed)
    return new KeyTable(
      this.#shards.with(index, shard.with(known, packed)),
      this.#interned,
      this.size + (known < 0 ? 1 : 0),
    )
  }

  /** Every key, in no particular order. */
  *views(): Generator<KeyView> {
    for (const shard of this.#shards) {
      for (let row = 0; row < shard.keyCount; row += 1) {
        yield new KeyView(shard, row, idText(shard.words, row * KEY_WORDS + ID), this.#interned)
      }
    }
  }

  /** The size of all rows and slots in bytes. */
  get byteLength(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.byteLength, 0)
  }
}
