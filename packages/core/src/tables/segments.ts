/** The size of a full segment in words: 256 KiB. */
const SEGMENT_WORDS = 65_536
const SEGMENT_BITS = 16
/** Segments start small, so that a table of a few rows is small, too. */
const FIRST_SEGMENT_WORDS = 256
/** A reference has 32 bits, so a table has at most 16 GiB. */
const SEGMENTS_MAX = 65_536

/** Words in shared memory, all of them 0. */
export function sharedWords(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(count * 4))
}

/** The place of a row: its segment and its first word there, as one number; 0 stands for none. */
export function rowRef(segment: number, at: number): number {
  return segment * SEGMENT_WORDS + at + 1
}

/** The number of the segment of a row. */
export function segmentOf(ref: number): number {
  return (ref - 1) >>> SEGMENT_BITS
}

/** The first word of a row in its segment. */
export function offsetOf(ref: number): number {
  return (ref - 1) & (SEGMENT_WORDS - 1)
}

const NO_WORDS = new Uint32Array(0)

/** The segment to which the writer appends rows, for all versions of a table. */
interface Tail {
  readonly number: number
  readonly words: Uint32Array
  used: number
}

/**
 * The memory of one version of a table: a list of segments of shared memory. What has been written never changes, and other
 * threads can read it. Versions share segments and append to the same one; a row belongs to those versions whose index
 * refers to it.
 */
export class SegmentList {
  /** Each at its number; a released number has no words until it is used again. After its last row a segment has zeros. */
  #segments: readonly Uint32Array[]
  #tail: Tail
  /** The size of all segments in words. */
  #capacityWords: number

  private constructor(segments: readonly Uint32Array[], tail: Tail, capacityWords: number) {
    this.#segments = segments
    this.#tail = tail
    this.#capacityWords = capacityWords
  }

  static empty(): SegmentList {
    return SegmentList.reading([])
  }

  /** A list for a thread that reads what another one writes. What this thread appends goes to segments of its own. */
  static reading(segments: readonly Uint32Array[]): SegmentList {
    const capacityWords = segments.reduce((sum, { length }) => sum + length, 0)
    return new SegmentList(segments, { number: -1, words: NO_WORDS, used: 0 }, capacityWords)
  }

  /** The segments by their numbers. */
  get all(): readonly Uint32Array[] {
    return this.#segments
  }

  /** A list that can be changed without changing this one. The segments are the same. */
  fork(): SegmentList {
    return new SegmentList(this.#segments, this.#tail, this.#capacityWords)
  }

  get capacityWords(): number {
    return this.#capacityWords
  }

  /** How many numbers are in use, those of released segments included. */
  get length(): number {
    return this.#segments.length
  }

  /** The number of the segment to which rows are appended. */
  get tail(): number {
    return this.#tail.number
  }

  /** The words of a segment; none if its number is not in use. */
  words(segment: number): Uint32Array {
    return this.#segments[segment] ?? NO_WORDS
  }

  /**
   * Appends words, all of them to one segment.
   *
   * @param from has the words, from its start
   * @param count at most `SEGMENT_WORDS`
   * @returns the reference of the first one
   */
  append(from: Uint32Array, count: number): number {
    if (this.#tail.used + count > this.#tail.words.length) this.#grow(count)
    const { number, words, used } = this.#tail
    // Most rows are short: a loop is faster than a view of the words.
    for (let word = 0; word < count; word += 1) words[used + word] = from[word] ?? 0
    this.#tail.used = used + count
    return rowRef(number, used)
  }

  /**
   * Adds a segment whose words are all written. The next row gets a new one.
   *
   * @param words at most `SEGMENT_WORDS`
   * @returns its number
   */
  adopt(words: Uint32Array): number {
    this.#add(words, words.length)
    return this.#tail.number
  }

  /** Removes a segment from this list. Its memory is free when no version has it any more. */
  release(segment: number): void {
    this.#capacityWords -= this.words(segment).length
    this.#segments = this.#segments.with(segment, NO_WORDS)
  }

  #grow(count: number): void {
    const wanted = Math.min(Math.max(this.#capacityWords, FIRST_SEGMENT_WORDS), SEGMENT_WORDS)
    this.#add(sharedWords(Math.max(wanted, count)), 0)
  }

  #add(words: Uint32Array, used: number): void {
    const released = this.#segments.indexOf(NO_WORDS)
    const number = released < 0 ? this.#segments.length : released
    if (number >= SEGMENTS_MAX) throw new RangeError('a table is full')
    this.#segments = released < 0 ? [...this.#segments, words] : this.#segments.with(number, words)
    this.#tail = { number, words, used }
    this.#capacityWords += words.length
  }
}
