import { ShardedMap } from './sharded-map.ts'

/**
 * An immutable map of records by natural key, such as a username, in which a record can also be replaced or removed by
 * its id. Each id has at most one natural key, and each natural key at most one record.
 */
export class NaturalKeyMap<V extends { readonly id: string }> {
  readonly #naturalKeyOf: (record: V) => string
  readonly #records: ShardedMap<V>
  readonly #naturalKeysById: ShardedMap<string>

  private constructor(
    naturalKeyOf: (record: V) => string,
    records: ShardedMap<V>,
    naturalKeysById: ShardedMap<string>,
  ) {
    this.#naturalKeyOf = naturalKeyOf
    this.#records = records
    this.#naturalKeysById = naturalKeysById
  }

  static empty<V extends { readonly id: string }>(naturalKeyOf: (record: V) => string): NaturalKeyMap<V> {
    return new NaturalKeyMap(naturalKeyOf, ShardedMap.empty<V>(), ShardedMap.empty<string>())
  }

  get(naturalKey: string): V | undefined {
    return this.#records.get(naturalKey)
  }

  /** The record with this id, or undefined. */
  find(id: string): V | undefined {
    const naturalKey = this.#naturalKeysById.get(id)
    const record = naturalKey === undefined ? undefined : this.#records.get(naturalKey)
    return record?.id === id ? record : undefined
  }

  /** The map with a record added. It replaces the record with the same id, even under another natural key. */
  with(record: V): NaturalKeyMap<V> {
    const naturalKey = this.#naturalKeyOf(record)
    const isMoved = this.#naturalKeysById.get(record.id) !== naturalKey
    const others = isMoved ? this.without(record.id).#records : this.#records
    return new NaturalKeyMap(
      this.#naturalKeyOf,
      others.with(naturalKey, record),
      this.#naturalKeysById.with(record.id, naturalKey),
    )
  }

  /** The map without the record that has this id; the same object when there is none. */
  without(id: string): NaturalKeyMap<V> {
    const naturalKey = this.#naturalKeysById.get(id)
    if (naturalKey === undefined) return this
    // The removal can arrive after a new record with another id took over the natural key.
    const isCurrent = this.#records.get(naturalKey)?.id === id
    return new NaturalKeyMap(
      this.#naturalKeyOf,
      isCurrent ? this.#records.without(naturalKey) : this.#records,
      this.#naturalKeysById.without(id),
    )
  }

  /** All records, in no particular order. */
  values(): Generator<V> {
    return this.#records.values()
  }
}
