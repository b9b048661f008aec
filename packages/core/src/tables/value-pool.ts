import { readText, textWords, textWordsOf, writeText } from './packed-text.ts'
import { sharedWords } from './segments.ts'

/** The most values of a pool: beyond that, rows contain their values. */
export const VALUES_MAX = 262_144
/** The most values of a pool that seldom have two rows, such as labels, so that they leave room for others. */
export const INDIVIDUAL_VALUES_MAX = 65_536
/** The size of a pool: 32 MiB. */
export const POOL_WORDS_MAX = 8_388_608
/** The largest value of a pool: 16 KiB. */
export const VALUE_WORDS_MAX = 4_096
/** The first block of a pool: 16 KiB. Each further one doubles the pool. */
const FIRST_BLOCK_WORDS = 4_096
/** How many values of rows are kept decoded. */
const DECODED_MAX = 1_024

/** The largest piece in which a pool is written: 256 KiB. */
const PIECE_WORDS = 65_536

/** Words of a pool, and the place of the first one. */
export interface PoolPiece {
  readonly start: number
  readonly words: Uint32Array
}

/** Gives values numbers by which rows refer to them. */
export interface ValuePlaces {
  /**
   * The number of a value, which is below 2^31.
   *
   * @param text of `valueText`
   * @param isIndividual see `ValueKind`
   * @returns 0 if the row has to contain the value
   */
  place(text: string, isIndividual: boolean): number
}

/** A value that was read, and the kind it was read as: a damaged row can refer to a value of another kind. */
interface Decoded {
  readonly kind: unknown
  readonly value: unknown
}

/** How values of one kind are written as text. */
export interface ValueKind<T> {
  /** One character, another one for each kind. */
  readonly tag: string
  /** Whether most rows have a value of their own, if any. */
  readonly isIndividual: boolean
  /** Whether two values surely have the same text. It is asked first, because it is faster than to write one. */
  isSame(one: T, other: T): boolean
  encode(value: T): string
  decode(json: unknown): T
}

/**
 * Values that many rows have in common, such as lists of roles, in shared memory. A row refers to a value by its place. Values
 * are only ever added, so a place never changes its meaning, and there is a maximum: rows contain the values that came too
 * late. The versions of a table share one pool.
 */
export class ValuePool implements ValuePlaces {
  /** Block n begins at word 0 for n = 0, else at `FIRST_BLOCK_WORDS << (n - 1)`. */
  readonly #blocks: Uint32Array[] = []
  #usedWords = 0
  #individualCount = 0
  /** The places of the values by their texts; only the writer needs them. */
  readonly #refs = new Map<string, number>()
  readonly #decoded = new Map<number, Decoded>()
  readonly #decodedTexts = new Map<string, Decoded>()
  #isReading = false

  /** The pool of another thread, to read its values. This thread adds none. @param blocks see `blocks` */
  static reading(blocks: readonly Uint32Array[]): ValuePool {
    const pool = new ValuePool()
    pool.#isReading = true
    pool.learn(blocks)
    return pool
  }

  /** The memory that has the values. More of it can follow, and nothing that is written in it changes. */
  get blocks(): readonly Uint32Array[] {
    return this.#blocks
  }

  /** Takes note of memory that the other thread has added. */
  learn(blocks: readonly Uint32Array[]): void {
    this.#blocks.push(...blocks.slice(this.#blocks.length))
  }

  /** The size of the pool in bytes. */
  get byteLength(): number {
    return this.#blocks.reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  /** The number of values. */
  get size(): number {
    return this.#refs.size
  }

  /**
   * The place of a value, which is added if there is room.
   *
   * @param text of `valueText`
   * @returns 0 if the row has to contain the value
   */
  place(text: string, isIndividual: boolean): number {
    const known = this.#refs.get(text)
    if (known !== undefined) return known
    if (this.#isReading || this.#refs.size >= VALUES_MAX) return 0
    if (isIndividual && this.#individualCount >= INDIVIDUAL_VALUES_MAX) return 0
    const count = textWords(text)
    if (count > VALUE_WORDS_MAX || !this.#reserve(count)) return 0
    const at = this.#usedWords
    const [block, start] = blockOf(at)
    writeText(this.#blocks[block] ?? NO_WORDS, at - start, text)
    this.#usedWords += count
    if (isIndividual) this.#individualCount += 1
    this.#refs.set(text, at + 1)
    return at + 1
  }

  /**
   * The value at a place that this pool returned.
   *
   * @throws RangeError or SyntaxError when there is no value of this kind
   */
  value<T>(ref: number, kind: ValueKind<T>): T {
    const known = this.#decoded.get(ref)
    if (known?.kind === kind) return known.value as T
    const [block, start] = blockOf(ref - 1)
    const value = decodeText(readText(this.#blocks[block] ?? NO_WORDS, ref - 1 - start), kind)
    this.#decoded.set(ref, { kind, value })
    return value
  }

  /**
   * The value with this text. Equal texts usually give the same object.
   *
   * @throws RangeError or SyntaxError when it is not the text of a value of this kind
   */
  valueOfText<T>(text: string, kind: ValueKind<T>): T {
    const known = this.#decodedTexts.get(text)
    if (known?.kind === kind) return known.value as T
    const value = decodeText(text, kind)
    if (this.#decodedTexts.size >= DECODED_MAX) this.#decodedTexts.clear()
    this.#decodedTexts.set(text, { kind, value })
    return value
  }

  /** Everything that the pool has, a piece at a time. */
  *pieces(): Generator<PoolPiece> {
    for (const [number, block] of this.#blocks.entries()) {
      const start = startOf(number)
      const end = Math.min(block.length, this.#usedWords - start)
      for (let at = 0; at < end; at += PIECE_WORDS) {
        yield { start: start + at, words: block.subarray(at, Math.min(at + PIECE_WORDS, end)) }
      }
    }
  }

  /** How many of the values are those of single rows. */
  get individualCount(): number {
    return this.#individualCount
  }

  /**
   * Adds a piece of another pool. The pieces come in their order, and nothing else has been added.
   *
   * @throws RangeError when it is not the next piece
   */
  adopt({ start, words }: PoolPiece): void {
    const [block, first] = blockOf(start)
    const end = start + words.length
    const isNext = start === this.#usedWords || (start === first && start > this.#usedWords)
    if (!isNext || end > first + blockWords(block) || end > POOL_WORDS_MAX) {
      throw new RangeError('a piece of the pool is out of place')
    }
    while (this.#blocks.length <= block) this.#blocks.push(sharedWords(blockWords(this.#blocks.length)))
    this.#blocks[block]?.set(words, start - first)
    this.#usedWords = end
  }

  /**
   * Ends the adoption of pieces: the values can be found by their texts.
   *
   * @param individualCount that of the other pool
   * @throws RangeError when the pieces are not values
   */
  adopted(individualCount: number): void {
    this.#individualCount = individualCount
    for (const [number, block] of this.#blocks.entries()) {
      const start = startOf(number)
      const end = Math.min(block.length, this.#usedWords - start)
      // No value is an empty text: a 0 ends the values of a block.
      for (let at = 0; at < end && block[at] !== 0;) {
        const next = at + textWordsOf(block[at] ?? 0)
        if (next > end || this.#refs.size >= VALUES_MAX) throw new RangeError('a value is damaged')
        this.#refs.set(readText(block, at), start + at + 1)
        at = next
      }
    }
  }

  /** Makes room for words in one block. A block with too little room at its end is left. @returns whether there is room */
  #reserve(count: number): boolean {
    const [block, start] = blockOf(this.#usedWords)
    const end = start + blockWords(block)
    if (this.#usedWords + count > end) {
      if (end + count > POOL_WORDS_MAX) return false
      this.#usedWords = end
    }
    const [needed] = blockOf(this.#usedWords)
    while (this.#blocks.length <= needed) this.#blocks.push(sharedWords(blockWords(this.#blocks.length)))
    return true
  }
}

/** The text of a value: its tag and JSON. */
export function valueText<T>(value: T, kind: ValueKind<T>): string {
  return kind.tag + kind.encode(value)
}

function decodeText<T>(text: string, kind: ValueKind<T>): T {
  if (!text.startsWith(kind.tag)) throw new RangeError('a row refers to a value of another kind')
  return kind.decode(JSON.parse(text.slice(kind.tag.length)))
}

const NO_WORDS = new Uint32Array(0)

/** The block that has a word, and the block's first word. */
function blockOf(at: number): readonly [block: number, start: number] {
  if (at < FIRST_BLOCK_WORDS) return [0, 0]
  const block = 32 - Math.clz32(Math.floor(at / FIRST_BLOCK_WORDS))
  return [block, startOf(block)]
}

function startOf(block: number): number {
  return block === 0 ? 0 : FIRST_BLOCK_WORDS * 2 ** (block - 1)
}

function blockWords(block: number): number {
  return FIRST_BLOCK_WORDS * 2 ** Math.max(0, block - 1)
}
