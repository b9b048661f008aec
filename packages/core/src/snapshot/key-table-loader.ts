import type { KeyAgeRecord, KeyRecord } from '../feed/records.ts'
import { emptyInternedValues } from './interned-values.ts'
import {
  EMPTY_SHARD,
  FIRST_SECRET,
  KEY_WORDS,
  KeyShard,
  mixId,
  SECRET_COUNT,
  SECRET_WORDS,
} from './key-shard.ts'
import { foreignOf, KeyTable, SHARDS } from './key-table.ts'
import { packedWords, packKey } from './pack-key.ts'

/**
 * 36 MiB, of which only the written part takes memory. The C library always returns freed blocks over 32 MiB to the
 * system; it kept smaller ones, and the process needed 230 bytes for each key instead of 121.
 */
const CHUNK_WORDS = 9_437_184

/** 64 KiB, for a few hundred keys: few keys need no large block. */
const FIRST_CHUNK_WORDS = 16_384

/** Packed keys, one after the other. */
interface Chunk {
  readonly words: Uint32Array
  used: number
}

/**
 * Builds a table from many keys at once. It packs the keys as they come and counts them by shard, then builds each
 * shard in its exact size: growing 1,024 shards step by step left twice as much memory behind.
 */
export class KeyTableLoader {
  readonly #interned = emptyInternedValues()
  readonly #keyCounts = new Uint32Array(SHARDS)
  readonly #secretCounts = new Uint32Array(SHARDS)
  readonly #chunks: Chunk[] = []
  #size = 0
  #foreignCount = 0

  /** Adds a key. Each id may come at most once. */
  add(key: KeyRecord): void {
    const needed = packedWords(key)
    let chunk = this.#chunks.at(-1)
    if (chunk === undefined || chunk.used + needed > chunk.words.length) {
      const wordCount = chunk === undefined ? FIRST_CHUNK_WORDS : CHUNK_WORDS
      chunk = { words: new Uint32Array(Math.max(wordCount, needed)), used: 0 }
      this.#chunks.push(chunk)
    }
    packKey(key, this.#interned, chunk.words, chunk.used)
    const shard = shardOf(chunk.words, chunk.used)
    this.#keyCounts[shard] = (this.#keyCounts[shard] ?? 0) + 1
    this.#secretCounts[shard] = (this.#secretCounts[shard] ?? 0) + key.secrets.length
    this.#foreignCount += foreignOf(chunk.words, chunk.used)
    chunk.used += needed
    this.#size += 1
  }

  /**
   * Builds the table. Call it once: it empties the loader.
   *
   * @param ages the policies about the age of keys
   */
  build(ages: Iterable<KeyAgeRecord> = []): KeyTable {
    const fillers = Array.from(this.#keyCounts, (keyCount, shard) =>
      keyCount === 0 ? undefined : new ShardFiller(keyCount, this.#secretCounts[shard] ?? 0),
    )
    for (let chunk = this.#chunks.pop(); chunk !== undefined; chunk = this.#chunks.pop()) {
      const { words, used } = chunk
      for (let at = 0; at < used; at += KEY_WORDS + (words[at + SECRET_COUNT] ?? 0) * SECRET_WORDS) {
        fillers[shardOf(words, at)]?.add(words, at)
      }
    }
    const shards = fillers.map((filler): KeyShard => filler?.shard ?? EMPTY_SHARD)
    return KeyTable.assemble(shards, this.#interned, this.#size, this.#foreignCount, ages)
  }
}

/** Fills a shard of known size with packed keys. */
class ShardFiller {
  readonly shard: KeyShard
  #keyCount = 0
  #secretCount = 0

  constructor(keyCount: number, secretCount: number) {
    this.shard = new KeyShard(keyCount, secretCount)
  }

  /** Adds the key that `packKey` wrote at `from`. */
  add(packed: Uint32Array, from: number): void {
    const { words, secretsStart } = this.shard
    const at = this.#keyCount * KEY_WORDS
    const count = packed[from + SECRET_COUNT] ?? 0
    copyWords(packed, from, words, at, KEY_WORDS)
    words[at + FIRST_SECRET] = this.#secretCount
    const secretsAt = secretsStart + this.#secretCount * SECRET_WORDS
    copyWords(packed, from + KEY_WORDS, words, secretsAt, count * SECRET_WORDS)
    this.shard.index(this.#keyCount)
    this.#keyCount += 1
    this.#secretCount += count
  }
}

function copyWords(from: Uint32Array, fromAt: number, to: Uint32Array, toAt: number, count: number): void {
  for (let word = 0; word < count; word += 1) to[toAt + word] = from[fromAt + word] ?? 0
}

function shardOf(words: Uint32Array, at: number): number {
  return mixId(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0) & (SHARDS - 1)
}
