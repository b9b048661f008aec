import { isWholeId, packId, unpackId } from './packed-id.ts'
import { readText, textWords, textWordsOf, writeText } from './packed-text.ts'
import type { HashSeed } from './text-hash.ts'
import { type ValueKind, type ValuePlaces, type ValuePool, valueText } from './value-pool.ts'

/*
 * A row is a number of words:
 *
 *   0       its length in words in the lower half, its flags in the upper one
 *   1 to 3  its id, see packed-id.ts
 *   4       in a table with natural keys: the hash of its natural key
 *   …       the fields of its kind
 *   …       texts: ids of another form, and values for which the pool had no room
 *   last    only if the id has another form: where its text is
 *
 * A row refers to nothing outside of the shared memory: to values by their place in the pool, to other rows by their ids.
 */

export const ID_AT = 1
export const NATURAL_HASH_AT = 4

/** The longest row, in words. */
const ROW_WORDS_MAX = 65_535
const FLAGS_SHIFT = 16

/** What writing rows needs. */
export interface WriteContext {
  readonly pool: ValuePlaces
  /** For the hashes of natural keys. */
  readonly seed: HashSeed
}

/** What rows need besides their words. */
export interface RowContext extends WriteContext {
  readonly pool: ValuePool
}

/** Marks words with the place of a text instead of an id or of a value. */
const ELSEWHERE_ID = 0xc0000000
const IN_ROW = 0x80000000

export function rowLength(words: Uint32Array, at: number): number {
  return (words[at] ?? 0) & ROW_WORDS_MAX
}

export function rowFlags(words: Uint32Array, at: number): number {
  return (words[at] ?? 0) >>> FLAGS_SHIFT
}

/** The shortest row: a header, an id and a word. */
const ROW_WORDS_MIN = 5

/** Whether a row begins at a word, ends within the words, and has its id within itself. */
export function isRow(words: Uint32Array, at: number): boolean {
  const length = rowLength(words, at)
  if (length < ROW_WORDS_MIN || at + length > words.length) return false
  if (isWholeId(words, at + ID_AT)) return true
  const text = words[at + length - 1] ?? 0
  return text < length && text + textWordsOf(words[at + text] ?? 0) < length
}

/** The id of a row. @param prefix of the ids of its table */
export function rowId(words: Uint32Array, at: number, prefix: string): string {
  if (isWholeId(words, at + ID_AT)) return unpackId(words, at + ID_AT, prefix)
  return readText(words, at + (words[at + rowLength(words, at) - 1] ?? 0))
}

/** An id in a field of a row. */
export function idField(words: Uint32Array, at: number, field: number, prefix: string): string {
  const place = at + field
  if (isWholeId(words, place)) return unpackId(words, place, prefix)
  return readText(words, at + ((words[place] ?? 0) & ROW_WORDS_MAX))
}

/** A value in a field of a row. */
export function valueField<T>(
  words: Uint32Array,
  at: number,
  field: number,
  kind: ValueKind<T>,
  pool: ValuePool,
): T {
  const ref = words[at + field] ?? 0
  if (ref < IN_ROW) return pool.value(ref, kind)
  return pool.valueOfText(readText(words, at + (ref & ROW_WORDS_MAX)), kind)
}

/** Whether a field has a value that can be read. */
export function isValueField<T>(
  words: Uint32Array,
  at: number,
  field: number,
  kind: ValueKind<T>,
  pool: ValuePool,
): boolean {
  try {
    valueField(words, at, field, kind, pool)
    return true
  } catch {
    return false
  }
}

/** Gives the value of a field another place, unless the row contains the value. */
export function moveValue(
  words: Uint32Array,
  at: number,
  field: number,
  placeOf: (ref: number) => number,
): void {
  const ref = words[at + field] ?? 0
  if (ref < IN_ROW) words[at + field] = placeOf(ref)
}

const timeScratch = new Float64Array(1)
const timeScratchWords = new Uint32Array(timeScratch.buffer)

/** A time in two words, as a 64-bit float in the machine's byte order. */
export function timeAt(words: Uint32Array, at: number): number {
  timeScratchWords[0] = words[at] ?? 0
  timeScratchWords[1] = words[at + 1] ?? 0
  return timeScratch[0] ?? 0
}

export function writeTime(words: Uint32Array, at: number, timeMs: number): void {
  timeScratch[0] = timeMs
  words[at] = timeScratchWords[0] ?? 0
  words[at + 1] = timeScratchWords[1] ?? 0
}

/** The row that is being written. One buffer writes many, one after the other. */
export class RowBuffer {
  readonly #context: WriteContext
  #words = new Uint32Array(256)
  #length = 0
  /** The last value of each field and the text that it has, as the next row often has it too. */
  readonly #recent = new Map<string, { readonly value: unknown; readonly text: string; ref: number }>()

  constructor(context: WriteContext) {
    this.#context = context
  }

  /** Its first words are the row. */
  get words(): Uint32Array {
    return this.#words
  }

  get length(): number {
    return this.#length
  }

  get context(): WriteContext {
    return this.#context
  }

  /** Starts a row with so many words, all of them to be written. */
  begin(count: number): void {
    this.#length = 0
    this.extend(count)
  }

  /** Adds words. @returns the first of them */
  extend(count: number): number {
    const at = this.#length
    if (at + count > ROW_WORDS_MAX) throw new RangeError('a record is too large for a row')
    if (at + count > this.#words.length) {
      const words = new Uint32Array(Math.min(2 * (at + count), ROW_WORDS_MAX))
      words.set(this.#words.subarray(0, at))
      this.#words = words
    }
    this.#length = at + count
    return at
  }

  /** Adds a text. @returns its first word */
  text(text: string): number {
    const at = this.extend(textWords(text))
    writeText(this.#words, at, text)
    return at
  }

  /** Writes an id into three words that the row has. */
  id(field: number, id: string, prefix: string): void {
    if (packId(id, prefix, this.#words, field)) return
    const at = this.text(id)
    this.#words.fill(ELSEWHERE_ID, field, field + 3)
    this.#words[field] = ELSEWHERE_ID | at
  }

  /** Writes a value into a word that the row has. */
  value<T>(field: number, value: T, kind: ValueKind<T>): void {
    const known = this.#recent.get(kind.tag)
    const isSame = known !== undefined && kind.isSame(known.value as T, value)
    const recent = isSame ? known : { value, text: valueText(value, kind), ref: 0 }
    if (!isSame) {
      recent.ref = this.#context.pool.place(recent.text, kind.isIndividual)
      this.#recent.set(kind.tag, recent)
    }
    const ref = recent.ref === 0 ? (IN_ROW | this.text(recent.text)) >>> 0 : recent.ref
    this.#words[field] = ref
  }

  /** Ends the row. Its id and its header are written last. */
  end(id: string, prefix: string, flags: number): void {
    if (!packId(id, prefix, this.#words, ID_AT)) {
      const at = this.text(id)
      this.#words[this.extend(1)] = at
    }
    this.#words[0] = this.#length | (flags << FLAGS_SHIFT)
  }
}
