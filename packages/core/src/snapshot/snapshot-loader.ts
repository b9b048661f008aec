import type { KeyAgeRecord } from '../feed/records.ts'
import type { RowContext } from '../tables/row.ts'
import { BASIC_CREDENTIAL_ROWS } from './basic-credential-rows.ts'
import { CONSUMER_ROWS } from './consumer-rows.ts'
import { EXTERNAL_KEY_ROWS } from './external-key-rows.ts'
import { applyRecord, type FeedRecord } from './feed-record.ts'
import { KeyTableLoader } from './key-table.ts'
import { emptyParts, type SnapshotParts } from './parts.ts'
import { RecordTableLoader } from './record-table.ts'
import type { TableKind } from './table-kinds.ts'
import type { WrittenBatch } from './written-rows.ts'

/** Builds the parts of a snapshot from all its records. Keys and consumers can number in the millions, so they are built in bulk. */
export class SnapshotLoader {
  readonly #keys: KeyTableLoader
  readonly #consumers: RecordTableLoader<Extract<FeedRecord, { kind: 'consumer' }>>
  readonly #externalKeys: RecordTableLoader<Extract<FeedRecord, { kind: 'external-key' }>>
  readonly #basicCredentials: RecordTableLoader<Extract<FeedRecord, { kind: 'basic-credential' }>>
  readonly #ages: KeyAgeRecord[] = []
  readonly #context: RowContext
  /** For each writer, the places of its values by their numbers. */
  readonly #places = new Map<number, number[]>()
  #parts: SnapshotParts

  constructor(context: RowContext) {
    this.#context = context
    this.#keys = new KeyTableLoader(context)
    this.#consumers = new RecordTableLoader(CONSUMER_ROWS, context)
    this.#externalKeys = new RecordTableLoader(EXTERNAL_KEY_ROWS, context)
    this.#basicCredentials = new RecordTableLoader(BASIC_CREDENTIAL_ROWS, context)
    this.#parts = emptyParts(context)
  }

  /** Adds a record. Owners come before what they own, and each entity comes at most once. */
  add(record: FeedRecord): void {
    if (record.kind === 'key') this.#keys.add(record)
    else if (record.kind === 'consumer') this.#consumers.add(record)
    else if (record.kind === 'external-key') this.#externalKeys.add(record)
    else if (record.kind === 'basic-credential') this.#basicCredentials.add(record)
    else if (record.kind === 'key-age') this.#ages.push(record)
    else this.#parts = applyRecord(this.#parts, record)
  }

  /**
   * Adds the rows of another snapshot, whose values are in the pool, without copying them.
   *
   * @throws RangeError when the words are not rows of this kind
   */
  adopt(kind: TableKind, words: Uint32Array): void {
    this.#table(kind).adopt(words)
  }

  /** Adds what another thread of this program has written, without copying the rows. @throws RangeError for other words */
  addWritten({ writer, values, tables, records }: WrittenBatch): void {
    let places = this.#places.get(writer)
    if (places === undefined) {
      places = []
      this.#places.set(writer, places)
    }
    for (const { number, text, isIndividual } of values) {
      places[number] = this.#context.pool.place(text, isIndividual)
    }
    const placeOf = (number: number): number => {
      const place = places[number] ?? 0
      if (place === 0) throw new RangeError('a row refers to a value without a place')
      return place
    }
    for (const { kind, words } of tables) this.#table(kind).adoptWritten(words, placeOf)
    for (const record of records) this.add(record)
  }

  #table(kind: TableKind): Pick<KeyTableLoader, 'adopt' | 'adoptWritten'> {
    const tables = {
      key: this.#keys,
      consumer: this.#consumers,
      'external-key': this.#externalKeys,
      'basic-credential': this.#basicCredentials,
    }
    return tables[kind]
  }

  /**
   * Builds the parts. Call it once: it empties the loader.
   *
   * @param pause lets other work of the process run; called after each millisecond or so of work
   */
  async build(pause: () => Promise<void>): Promise<SnapshotParts> {
    return {
      ...this.#parts,
      keys: await this.#keys.build(this.#ages, pause),
      consumers: await this.#consumers.build(pause),
      externalKeys: await this.#externalKeys.build(pause),
      basicCredentials: await this.#basicCredentials.build(pause),
    }
  }
}
