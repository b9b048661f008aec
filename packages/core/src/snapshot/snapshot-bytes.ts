import { readText, textWords, textWordsOf, writeText } from '../tables/packed-text.ts'
import { sharedWords } from '../tables/segments.ts'
import { type PoolPiece, ValuePool } from '../tables/value-pool.ts'
import { type FeedRecord, otherRecords } from './feed-record.ts'
import type { SnapshotParts } from './parts.ts'
import { SnapshotLoader } from './snapshot-loader.ts'
import { TABLE_KINDS, tablesOf } from './table-kinds.ts'

/*
 * A snapshot as bytes: frames of words in the machine's byte order. A frame has a type, the number of its words, and two
 * numbers that depend on the type; then come the words.
 *
 *   start    `FORMAT`; the revision in two words, and the seed of the hashes
 *   pool     the place of its first word, and how many values are those of single rows; a piece of the pool
 *   rows     the number of its table; whole rows
 *   records  all other records, as JSON in a packed text
 *   end      the number of rows of each table
 */
const START = 1
const POOL = 2
const ROWS = 3
const RECORDS = 4
const END = 5

const HEADER_WORDS = 4

/** The version of the format; a reader of another byte order, or of another version, sees another number. */
const FORMAT = 0x53_50_00_01

/** The longest frame of rows or of the pool, in words. */
const FRAME_WORDS_MAX = 65_536
/** The longest frame of records: 64 MiB. */
const RECORD_WORDS_MAX = 16_777_216
/** A frame of records has at most about so many characters, unless a single record is longer. */
const RECORD_CHARS = 262_144

const TWO_32 = 2 ** 32

function frame(type: number, a: number, b: number, words: Uint32Array): Uint8Array[] {
  const header = Uint32Array.of(type, words.length, a, b)
  return [bytesOf(header), bytesOf(words)]
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

/**
 * A snapshot as bytes, at most 256 KiB at a time except for long records. The rows are copied as they are, so that reading
 * ten million keys takes seconds.
 *
 * @param pause lets other work of the process run; called after each millisecond or so of work
 */
export async function* snapshotBytes(
  revision: number,
  parts: SnapshotParts,
  pause: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const { pool, seed } = parts.keys.records.context
  const start = Uint32Array.of(Math.floor(revision / TWO_32), revision % TWO_32, ...seed)
  yield* frame(START, FORMAT, 0, start)
  for (const { start: place, words } of pool.pieces()) yield* frame(POOL, place, pool.individualCount, words)
  const tables = tablesOf(parts)
  for (const [number, kind] of TABLE_KINDS.entries()) {
    for await (const rows of tables[kind].rows(pause)) yield* frame(ROWS, number, 0, rows)
  }
  for (const text of recordTexts(parts)) {
    const words = new Uint32Array(textWords(text))
    writeText(words, 0, text)
    yield* frame(RECORDS, 0, 0, words)
  }
  yield* frame(
    END,
    0,
    0,
    Uint32Array.from(TABLE_KINDS, (kind) => tables[kind].size),
  )
}

function* recordTexts(parts: SnapshotParts): Generator<string> {
  let records: string[] = []
  let chars = 0
  for (const record of otherRecords(parts)) {
    const text = JSON.stringify(record)
    records.push(text)
    chars += text.length
    if (chars < RECORD_CHARS) continue
    yield `[${records.join(',')}]`
    records = []
    chars = 0
  }
  if (records.length > 0) yield `[${records.join(',')}]`
}

/** The bytes are not a whole snapshot of this format. */
export class SnapshotBytesError extends Error {
  override readonly name = 'SnapshotBytesError'
}

interface Frame {
  readonly type: number
  readonly a: number
  readonly b: number
  readonly words: Uint32Array
}

/**
 * Reads a snapshot from the bytes of `snapshotBytes`. Whatever the bytes are, reading ends, and takes no more memory than they
 * do; only bytes from a trusted writer are a snapshot to decide by, so authenticate them first.
 */
export class SnapshotBytesReader {
  readonly #headerBytes = new Uint8Array(HEADER_WORDS * 4)
  readonly #header = new Uint32Array(this.#headerBytes.buffer)
  /** The frame whose words are being read; undefined while its header is. */
  #frame: Frame | undefined
  /** Where the next bytes go. */
  #target: Uint8Array = this.#headerBytes
  #filled = 0
  #state: SnapshotState | undefined

  /**
   * Takes the next bytes, divided in any way.
   *
   * @throws SnapshotBytesError when they do not go on as a snapshot of this format does
   */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const count = Math.min(this.#target.length - this.#filled, chunk.length - at)
      this.#target.set(chunk.subarray(at, at + count), this.#filled)
      this.#filled += count
      at += count
      if (this.#filled === this.#target.length) this.#next()
    }
  }

  /**
   * Ends the reading.
   *
   * @param pause lets other work of the process run; called after each millisecond or so of work
   * @throws SnapshotBytesError when the bytes are not a whole snapshot
   */
  async finish(pause: () => Promise<void>): Promise<{ revision: number; parts: SnapshotParts }> {
    if (this.#state === undefined || this.#filled > 0 || this.#frame !== undefined) {
      throw new SnapshotBytesError('the snapshot ends in the middle')
    }
    try {
      return await this.#state.finish(pause)
    } catch (cause) {
      throw bytesError(cause)
    }
  }

  /** A header or the words of a frame are complete. */
  #next(): void {
    this.#filled = 0
    if (this.#frame === undefined) {
      this.#begin()
      if (this.#target.length > 0) return
    }
    this.#end()
  }

  #begin(): void {
    const [type = 0, length = 0, a = 0, b = 0] = this.#header
    if (length > (type === RECORDS ? RECORD_WORDS_MAX : FRAME_WORDS_MAX)) {
      throw new SnapshotBytesError('a part of the snapshot is too long')
    }
    // Rows stay where they are read.
    const words = type === ROWS ? sharedWords(length) : new Uint32Array(length)
    this.#frame = { type, a, b, words }
    this.#target = bytesOf(words)
  }

  #end(): void {
    const read = this.#frame
    this.#frame = undefined
    this.#target = this.#headerBytes
    if (read === undefined) return
    try {
      if (this.#state === undefined) this.#state = new SnapshotState(read)
      else this.#state.add(read)
    } catch (cause) {
      throw bytesError(cause)
    }
  }
}

function bytesError(cause: unknown): SnapshotBytesError {
  return cause instanceof SnapshotBytesError
    ? cause
    : new SnapshotBytesError('the snapshot is damaged', { cause })
}

/** What the frames so far have said. */
class SnapshotState {
  readonly #revision: number
  readonly #pool = new ValuePool()
  readonly #loader: SnapshotLoader
  #isPoolWhole = false
  #individualCount = 0
  #counts: Uint32Array | undefined

  constructor({ type, a, words }: Frame) {
    const [high = 0, low = 0, ...seed] = words
    const [one, other] = seed
    if (type !== START || a !== FORMAT || one === undefined || other === undefined) {
      throw new SnapshotBytesError('this is no snapshot, or one of another version or kind of machine')
    }
    this.#revision = high * TWO_32 + low
    this.#loader = new SnapshotLoader({ pool: this.#pool, seed: [one, other] })
  }

  add({ type, a, b, words }: Frame): void {
    if (this.#counts !== undefined) throw new SnapshotBytesError('something follows the end of the snapshot')
    if (type === POOL) {
      this.#addPiece({ start: a, words }, b)
      return
    }
    this.#endPool()
    const kind = TABLE_KINDS[a]
    if (type === ROWS && kind !== undefined) this.#loader.adopt(kind, words)
    else if (type === RECORDS) this.#addRecords(words)
    else if (type === END) this.#counts = words
    else throw new SnapshotBytesError('the snapshot has a part of an unknown type')
  }

  #addPiece(piece: PoolPiece, individualCount: number): void {
    if (this.#isPoolWhole) throw new SnapshotBytesError('a value comes after its rows')
    this.#individualCount = individualCount
    this.#pool.adopt(piece)
  }

  /** Rows refer to values, so the pool is whole before the first row. */
  #endPool(): void {
    if (this.#isPoolWhole) return
    this.#isPoolWhole = true
    this.#pool.adopted(this.#individualCount)
  }

  #addRecords(words: Uint32Array): void {
    if (textWordsOf(words[0] ?? 0) !== words.length) throw new SnapshotBytesError('a text is damaged')
    for (const record of JSON.parse(readText(words, 0)) as FeedRecord[]) this.#loader.add(record)
  }

  async finish(pause: () => Promise<void>): Promise<{ revision: number; parts: SnapshotParts }> {
    const parts = await this.#loader.build(pause)
    const tables = tablesOf(parts)
    const isWhole = TABLE_KINDS.every((kind, number) => tables[kind].size === this.#counts?.[number])
    if (!isWhole) throw new SnapshotBytesError('the snapshot is not complete')
    return { revision: this.#revision, parts }
  }
}
