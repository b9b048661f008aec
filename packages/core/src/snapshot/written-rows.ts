import { NumberedValues, type NumberedValue } from '../tables/numbered-values.ts'
import { RowBuffer } from '../tables/row.ts'
import { sharedWords } from '../tables/segments.ts'
import type { HashSeed } from '../tables/text-hash.ts'
import { BASIC_CREDENTIAL_ROWS } from './basic-credential-rows.ts'
import { CONSUMER_ROWS } from './consumer-rows.ts'
import { EXTERNAL_KEY_ROWS } from './external-key-rows.ts'
import type { FeedRecord } from './feed-record.ts'
import { KEY_ROWS } from './key-rows.ts'
import type { TableKind } from './table-kinds.ts'

/** Records of a snapshot as another thread has prepared them. All of it can be sent to a thread. */
export interface WrittenBatch {
  /** Tells writers apart: each has its own numbers of values. At most four load one snapshot. */
  readonly writer: number
  /** New values, to which rows of this and of later batches refer by their numbers. */
  readonly values: readonly NumberedValue[]
  /** Whole rows, in shared memory. */
  readonly tables: readonly { readonly kind: TableKind; readonly words: Uint32Array }[]
  /** All other records. */
  readonly records: readonly FeedRecord[]
}

/** The size of what is written before it is handed over: the words of a segment. */
const PART_WORDS = 65_536

/** Rows of one kind that are not handed over yet. */
interface Part {
  words: Uint32Array
  used: number
}

/** Writes records as rows for a snapshot that another thread loads. */
export class RowWriter {
  readonly #writer: number
  readonly #values = new NumberedValues()
  readonly #row: RowBuffer
  readonly #parts = new Map<TableKind, Part>()
  #full: { kind: TableKind; words: Uint32Array }[] = []
  #records: FeedRecord[] = []

  /**
   * @param writer its number among all that write for one snapshot
   * @param seed of the snapshot
   */
  constructor(writer: number, seed: HashSeed) {
    this.#writer = writer
    this.#row = new RowBuffer({ pool: this.#values, seed })
  }

  /** @throws RangeError for a record that is too large for a row */
  add(record: FeedRecord): void {
    if (record.kind === 'key') KEY_ROWS.write(record, this.#row)
    else if (record.kind === 'consumer') CONSUMER_ROWS.write(record, this.#row)
    else if (record.kind === 'external-key') EXTERNAL_KEY_ROWS.write(record, this.#row)
    else if (record.kind === 'basic-credential') BASIC_CREDENTIAL_ROWS.write(record, this.#row)
    else {
      this.#records.push(record)
      return
    }
    this.#append(record.kind)
  }

  /** What is ready to be handed over; undefined for nothing. */
  take(): WrittenBatch | undefined {
    if (this.#full.length === 0 && this.#records.length === 0) return undefined
    const [tables, records] = [this.#full, this.#records]
    this.#full = []
    this.#records = []
    return { writer: this.#writer, values: this.#values.take(), tables, records }
  }

  /** Everything that was not taken. */
  finish(): WrittenBatch {
    for (const kind of this.#parts.keys()) this.#end(kind)
    return this.take() ?? { writer: this.#writer, values: [], tables: [], records: [] }
  }

  #append(kind: TableKind): void {
    const { words, length } = this.#row
    let part = this.#parts.get(kind)
    if (part === undefined || part.used + length > PART_WORDS) {
      this.#end(kind)
      part = { words: sharedWords(PART_WORDS), used: 0 }
      this.#parts.set(kind, part)
    }
    // Most rows are short: a loop is faster than a view of the words.
    for (let word = 0; word < length; word += 1) part.words[part.used + word] = words[word] ?? 0
    part.used += length
  }

  #end(kind: TableKind): void {
    const part = this.#parts.get(kind)
    if (part === undefined) return
    this.#parts.delete(kind)
    this.#full.push({ kind, words: part.words.subarray(0, part.used) })
  }
}
