import { isWholeId } from '../tables/packed-id.ts'
import { idField, RowBuffer, type RowContext } from '../tables/row.ts'
import { RowTableDraft } from '../tables/row-table-draft.ts'
import { RowTableLoader } from '../tables/row-table-loader.ts'
import { RowTable } from '../tables/row-table.ts'
import type { RowShape } from '../tables/table-version.ts'
import { offsetOf } from '../tables/segments.ts'
import { hashOfText } from '../tables/text-hash.ts'
import type { ValuePool } from '../tables/value-pool.ts'

/** How the records of one kind are rows. */
export interface RecordRows<R> {
  /** Of the ids of all records, such as `key_`. Other ids are possible, and take more memory. */
  readonly prefix: string
  /** Writes a record. */
  write(record: R, row: RowBuffer): void
  /** The record that a row was made of. @param id the record's id, if it is known */
  read(words: Uint32Array, at: number, pool: ValuePool, id?: string): R
  /** What besides the id is unique; null if nothing is. */
  readonly naturalKeyAt: ((words: Uint32Array, at: number, pool: ValuePool) => string) | null
  /** Whether the fields of a row lie within it, and its values can be read. Its id and its length are already checked. */
  isSound(words: Uint32Array, at: number, pool: ValuePool): boolean
  /** Gives the values of a row other places. */
  moveValues(words: Uint32Array, at: number, placeOf: (ref: number) => number): void
}

/** The records of one kind by id, and by their natural key. Immutable: a change makes the next version of the table. */
export class RecordTable<R extends { readonly id: string }> {
  readonly rows: RowTable
  readonly kind: RecordRows<R>
  readonly context: RowContext
  readonly #buffer: RowBuffer

  private constructor(rows: RowTable, kind: RecordRows<R>, context: RowContext, buffer: RowBuffer) {
    this.rows = rows
    this.kind = kind
    this.context = context
    this.#buffer = buffer
  }

  static empty<R extends { readonly id: string }>(kind: RecordRows<R>, context: RowContext): RecordTable<R> {
    return RecordTable.of(RowTable.empty(rowShape(kind, context.pool)), kind, context)
  }

  static of<R extends { readonly id: string }>(
    rows: RowTable,
    kind: RecordRows<R>,
    context: RowContext,
  ): RecordTable<R> {
    return new RecordTable(rows, kind, context, new RowBuffer(context))
  }

  get size(): number {
    return this.rows.size
  }

  get byteLength(): number {
    return this.rows.byteLength
  }

  find(id: string): R | undefined {
    return this.#record(this.rows.find(id), id)
  }

  /** The record whose id is in a field of another row, which starts at `at`. */
  findIn(words: Uint32Array, at: number, field: number): R | undefined {
    if (isWholeId(words, at + field)) return this.#record(this.rows.findPacked(words, at + field, null))
    return this.find(idField(words, at, field, this.kind.prefix))
  }

  /** The record with this natural key. */
  findNatural(naturalKey: string): R | undefined {
    return this.#record(this.rows.findNatural(naturalKey, hashOfText(naturalKey, this.context.seed)))
  }

  #record(ref: number, id?: string): R | undefined {
    if (ref === 0) return undefined
    return this.kind.read(this.rows.wordsOf(ref), offsetOf(ref), this.context.pool, id)
  }

  with(record: R): RecordTable<R> {
    return this.withAll([record])
  }

  /**
   * The table with records added or replaced, one after the other.
   *
   * @param onReplaced called with the flags of each row that is replaced
   */
  withAll(records: Iterable<R>, onReplaced?: (flags: number) => void): RecordTable<R> {
    const draft = new RowTableDraft(this.rows)
    for (const record of records) {
      this.kind.write(record, this.#buffer)
      const flags = draft.put(this.#buffer)
      if (flags !== undefined) onReplaced?.(flags)
    }
    return this.#next(draft.finish())
  }

  /** The table without a record; the same object when there is none. */
  without(id: string): RecordTable<R> {
    const draft = new RowTableDraft(this.rows)
    return draft.remove(id) ? this.#next(draft.finish()) : this
  }

  /** All records, in no particular order. */
  *values(): Generator<R> {
    for (const ref of this.rows.refs()) {
      yield this.kind.read(this.rows.wordsOf(ref), offsetOf(ref), this.context.pool)
    }
  }

  #next(rows: RowTable): RecordTable<R> {
    return new RecordTable(rows, this.kind, this.context, this.#buffer)
  }
}

/** Builds a table from many records at once. */
export class RecordTableLoader<R extends { readonly id: string }> {
  readonly #rows: RowTableLoader
  readonly #kind: RecordRows<R>
  readonly #context: RowContext
  readonly #buffer: RowBuffer

  constructor(kind: RecordRows<R>, context: RowContext) {
    this.#rows = new RowTableLoader(rowShape(kind, context.pool))
    this.#kind = kind
    this.#context = context
    this.#buffer = new RowBuffer(context)
  }

  /** Adds a record. Each id and each natural key may come at most once. */
  add(record: R): void {
    this.#kind.write(record, this.#buffer)
    this.#rows.add(this.#buffer)
  }

  /**
   * Adds the rows of another table, whose values are in the pool, without copying them.
   *
   * @throws RangeError when the words are not rows of this kind
   */
  adopt(words: Uint32Array): void {
    const { pool } = this.#context
    this.#rows.adopt(words, (at) => this.#kind.isSound(words, at, pool))
  }

  /**
   * Adds rows that another thread of this program has written, without copying them.
   *
   * @param placeOf the place of each of their values in the pool
   * @throws RangeError when the words are not rows
   */
  adoptWritten(words: Uint32Array, placeOf: (ref: number) => number): void {
    this.#rows.adopt(words, (at) => {
      this.#kind.moveValues(words, at, placeOf)
      return true
    })
  }

  /** Builds the table. Call it once: it empties the loader. */
  async build(pause: () => Promise<void>): Promise<RecordTable<R>> {
    return RecordTable.of(await this.#rows.build(pause), this.#kind, this.#context)
  }
}

function rowShape<R>({ prefix, naturalKeyAt }: RecordRows<R>, pool: ValuePool): RowShape {
  return {
    prefix,
    naturalKeyAt: naturalKeyAt === null ? null : (words, at) => naturalKeyAt(words, at, pool),
  }
}
