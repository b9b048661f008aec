import type { KeyRecord } from '../feed/records.ts'
import { EMPTY_SHARD, KEY_WORDS, type KeyShard, mixId, SECRET_COUNT, SECRET_WORDS } from './key-shard.ts'
import { KeyShardBuilder } from './key-shard-builder.ts'
import { KeyTable, SHARDS } from './key-table.ts'
import { emptyLexicon } from './lexicon.ts'
import { packedWords, packKey } from './pack-key.ts'

/**
 * 36 MiB, of which only what is written takes memory. Blocks over 32 MiB the C library always gives back to the system
 * when they are freed; it kept smaller ones, and the process stood at 230 bytes a key instead of 121.
 */
const CHUNK_WORDS = 9_437_184

/** Keys that lie packed one behind the other. */
interface Chunk {
  readonly words: Uint32Array
  used: number
}

/**
 * Builds a table from many keys at once, each id at most once. The keys are packed as they come and counted by shard;
 * then each shard is made in its exact size. Growing 1,024 shards at a time left twice as much memory behind.
 */
export class KeyTableLoader {
  readonly #lexicon = emptyLexicon()
  readonly #keyCounts = new Uint32Array(SHARDS)
  readonly #secretCounts = new Uint32Array(SHARDS)
  readonly #chunks: Chunk[] = []
  #size = 0

  add(key: KeyRecord): void {
    const needed = packedWords(key)
    let chunk = this.#chunks.at(-1)
    if (chunk === undefined || chunk.used + needed > chunk.words.length) {
      chunk = { words: new Uint32Array(Math.max(CHUNK_WORDS, needed)), used: 0 }
      this.#chunks.push(chunk)
    }
    packKey(key, this.#lexicon, chunk.words, chunk.used)
    const shard = shardOf(chunk.words, chunk.used)
    this.#keyCounts[shard] = (this.#keyCounts[shard] ?? 0) + 1
    this.#secretCounts[shard] = (this.#secretCounts[shard] ?? 0) + key.secrets.length
    chunk.used += needed
    this.#size += 1
  }

  /** The table; the loader is empty afterwards. */
  build(): KeyTable {
    const builders = Array.from(this.#keyCounts, (keyCount, shard) =>
      keyCount === 0 ? undefined : new KeyShardBuilder(keyCount, this.#secretCounts[shard] ?? 0),
    )
    for (let chunk = this.#chunks.pop(); chunk !== undefined; chunk = this.#chunks.pop()) {
      const { words, used } = chunk
      for (let at = 0; at < used; at += KEY_WORDS + (words[at + SECRET_COUNT] ?? 0) * SECRET_WORDS) {
        builders[shardOf(words, at)]?.add(words, at)
      }
    }
    const shards = builders.map((builder): KeyShard => builder?.build() ?? EMPTY_SHARD)
    return KeyTable.assemble(shards, this.#lexicon, this.#size)
  }
}

function shardOf(words: Uint32Array, at: number): number {
  return mixId(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0) & (SHARDS - 1)
}
