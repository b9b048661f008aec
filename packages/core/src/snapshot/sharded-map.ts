const SHARDS = 256

/**
 * An immutable map with string keys. A change copies one shard and the list of shards, so it costs 1/256 of the entries
 * and 256 references.
 */
export class ShardedMap<V> {
  readonly #shards: readonly ReadonlyMap<string, V>[]
  /** The number of entries. */
  readonly size: number

  private constructor(shards: readonly ReadonlyMap<string, V>[], size: number) {
    this.#shards = shards
    this.size = size
  }

  static empty<V>(): ShardedMap<V> {
    const emptyShard: ReadonlyMap<string, V> = new Map()
    return new ShardedMap<V>(
      Array.from({ length: SHARDS }, () => emptyShard),
      0,
    )
  }

  static from<V>(entries: ReadonlyMap<string, V>): ShardedMap<V> {
    const shards = Array.from({ length: SHARDS }, () => new Map<string, V>())
    for (const [key, value] of entries) shards[shardOf(key)]?.set(key, value)
    return new ShardedMap(shards, entries.size)
  }

  get(key: string): V | undefined {
    return this.#shards[shardOf(key)]?.get(key)
  }

  /** The map with an entry added or replaced. */
  with(key: string, value: V): ShardedMap<V> {
    const shard = new Map(this.#shards[shardOf(key)])
    const grown = shard.has(key) ? 0 : 1
    shard.set(key, value)
    return new ShardedMap(this.#shards.with(shardOf(key), shard), this.size + grown)
  }

  /** The map without an entry; the same object when there is none. */
  without(key: string): ShardedMap<V> {
    if (this.get(key) === undefined) return this
    const shard = new Map(this.#shards[shardOf(key)])
    shard.delete(key)
    return new ShardedMap(this.#shards.with(shardOf(key), shard), this.size - 1)
  }

  *values(): Generator<V> {
    for (const shard of this.#shards) yield* shard.values()
  }
}

/** How many characters at the end of a key select its shard. Ids differ there, and so do most slugs and names. */
const SHARD_CHARS = 8

/** The shard of a key: FNV-1a over its last characters, with the hash folded into one byte. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5
  for (let index = Math.max(0, key.length - SHARD_CHARS); index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  }
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (SHARDS - 1)
}
