import type { KeyRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import { EMPTY_SHARD, ID, KEY_WORDS, type KeyShard, mixId } from './key-shard.ts'
import { KeyView } from './key-view.ts'
import { emptyLexicon, type Lexicon } from './lexicon.ts'
import { idText, idWord, packedWords, packKey } from './pack-key.ts'

/** How many shards: at a million keys one change copies some thousand rows in 25 µs. */
export const SHARDS = 1024

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
    return new KeyTable(new Array<KeyShard>(SHARDS).fill(EMPTY_SHARD), emptyLexicon(), 0)
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
    const packed = new Uint32Array(packedWords(key))
    packKey(key, this.#lexicon, packed, 0)
    const [a = 0, b = 0, c = 0, d = 0] = packed
    const mixed = mixId(a, b, c, d)
    const place = mixed & (SHARDS - 1)
    const shard = this.#shards[place] ?? EMPTY_SHARD
    const known = shard.find(a, b, c, d, mixed)
    return new KeyTable(
      this.#shards.with(place, shard.with(known, packed)),
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
