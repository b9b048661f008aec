import { FIRST_SECRET, KEY_WORDS, KeyShard, SECRET_COUNT, SECRET_WORDS } from './key-shard.ts'

/** Fills a shard whose size is known. */
export class KeyShardBuilder {
  readonly #shard: KeyShard
  #keyCount = 0
  #secretCount = 0

  constructor(keyCount: number, secretCount: number) {
    this.#shard = new KeyShard(keyCount, secretCount)
  }

  /** Adds the key that `packKey` wrote at `from`. */
  add(packed: Uint32Array, from: number): void {
    const { words, secretsStart } = this.#shard
    const at = this.#keyCount * KEY_WORDS
    const count = packed[from + SECRET_COUNT] ?? 0
    copyWords(packed, from, words, at, KEY_WORDS)
    words[at + FIRST_SECRET] = this.#secretCount
    const secretsAt = secretsStart + this.#secretCount * SECRET_WORDS
    copyWords(packed, from + KEY_WORDS, words, secretsAt, count * SECRET_WORDS)
    this.#shard.index(this.#keyCount)
    this.#keyCount += 1
    this.#secretCount += count
  }

  /** The shard, once as many keys were added as it has room for. */
  build(): KeyShard {
    return this.#shard
  }
}

function copyWords(from: Uint32Array, fromAt: number, to: Uint32Array, toAt: number, count: number): void {
  for (let word = 0; word < count; word += 1) to[toAt + word] = from[fromAt + word] ?? 0
}
