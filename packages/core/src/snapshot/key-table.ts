import type { KeyAgeRecord, KeyRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import { type RowContext, rowFlags, rowLength } from '../tables/row.ts'
import { offsetOf } from '../tables/segments.ts'
import { FLAG_FOREIGN } from './key-layout.ts'
import { KeyLifetimes } from './key-lifetimes.ts'
import { KEY_ROWS } from './key-rows.ts'
import { KeyView } from './key-view.ts'
import { RecordTable, RecordTableLoader } from './record-table.ts'

/** Every key that a gateway knows, by id, with the policies about their age. Immutable. */
export class KeyTable {
  readonly records: RecordTable<KeyRecord>
  /** The number of keys with a token that was issued elsewhere, deleted ones included. */
  readonly foreignCount: number
  readonly #lifetimes: KeyLifetimes

  private constructor(records: RecordTable<KeyRecord>, foreignCount: number, lifetimes: KeyLifetimes) {
    this.records = records
    this.foreignCount = foreignCount
    this.#lifetimes = lifetimes
  }

  static empty(context: RowContext): KeyTable {
    return new KeyTable(RecordTable.empty(KEY_ROWS, context), 0, KeyLifetimes.NONE)
  }

  static of(records: RecordTable<KeyRecord>, foreignCount: number, ages: Iterable<KeyAgeRecord>): KeyTable {
    return new KeyTable(records, foreignCount, KeyLifetimes.of(ages))
  }

  /** The number of keys, deleted ones included. */
  get size(): number {
    return this.records.size
  }

  /** The key with this id, or undefined. */
  find(id: KeyId): KeyView | undefined {
    const { rows } = this.records
    const ref = rows.find(id)
    if (ref === 0) return undefined
    return new KeyView(rows.wordsOf(ref), offsetOf(ref), this.records.context.pool, this.#lifetimes, id)
  }

  /** The table with a key added or replaced. */
  with(key: KeyRecord): KeyTable {
    return this.withAll([key])
  }

  /** The table with keys added or replaced, one after the other. */
  withAll(keys: readonly KeyRecord[]): KeyTable {
    let { foreignCount } = this
    for (const { hasForeignToken } of keys) if (hasForeignToken === true) foreignCount += 1
    const records = this.records.withAll(keys, (flags) => {
      if ((flags & FLAG_FOREIGN) !== 0) foreignCount -= 1
    })
    return new KeyTable(records, foreignCount, this.#lifetimes)
  }

  /** The table with other records, and the same policies. */
  withRecords(records: RecordTable<KeyRecord>, foreignCount: number): KeyTable {
    return new KeyTable(records, foreignCount, this.#lifetimes)
  }

  /** The policies about the age of keys, in no particular order. */
  get ages(): Iterable<KeyAgeRecord> {
    return this.#lifetimes.records()
  }

  /** The table with the policy about the age of some keys added or replaced. No key is touched. */
  withAge(record: KeyAgeRecord): KeyTable {
    return new KeyTable(this.records, this.foreignCount, this.#lifetimes.with(record))
  }

  /** The table without the policy that has this id, which is of `keyAgeId`. */
  withoutAge(organization: string, id: string): KeyTable {
    return new KeyTable(this.records, this.foreignCount, this.#lifetimes.without(organization, id))
  }

  /** Every key, in no particular order. */
  *views(): Generator<KeyView> {
    const { rows, context } = this.records
    for (const ref of rows.refs()) {
      yield new KeyView(rows.wordsOf(ref), offsetOf(ref), context.pool, this.#lifetimes)
    }
  }

  /** The size of all rows and indexes in bytes. */
  get byteLength(): number {
    return this.records.byteLength
  }
}

/** Builds a table from many keys at once. */
export class KeyTableLoader {
  readonly #records: RecordTableLoader<KeyRecord>
  #foreignCount = 0

  constructor(context: RowContext) {
    this.#records = new RecordTableLoader(KEY_ROWS, context)
  }

  /** Adds a key. Each id may come at most once. */
  add(key: KeyRecord): void {
    this.#records.add(key)
    if (key.hasForeignToken === true) this.#foreignCount += 1
  }

  /**
   * Adds the rows of another table, whose values are in the pool, without copying them.
   *
   * @throws RangeError when the words are not rows of keys
   */
  adopt(words: Uint32Array): void {
    this.#records.adopt(words)
    this.#countForeign(words)
  }

  /**
   * Adds rows that another thread of this program has written, without copying them.
   *
   * @param placeOf the place of each of their values in the pool
   * @throws RangeError when the words are not rows
   */
  adoptWritten(words: Uint32Array, placeOf: (ref: number) => number): void {
    this.#records.adoptWritten(words, placeOf)
    this.#countForeign(words)
  }

  #countForeign(words: Uint32Array): void {
    for (let at = 0; at < words.length; at += rowLength(words, at)) {
      if ((rowFlags(words, at) & FLAG_FOREIGN) !== 0) this.#foreignCount += 1
    }
  }

  /**
   * Builds the table. Call it once: it empties the loader.
   *
   * @param ages the policies about the age of keys
   */
  async build(ages: Iterable<KeyAgeRecord>, pause: () => Promise<void>): Promise<KeyTable> {
    return KeyTable.of(await this.#records.build(pause), this.#foreignCount, ages)
  }
}
