import { changedList, type ListChanges, listChanges } from './list-changes.ts'
import { hashOfId, isWholeId, packId } from './packed-id.ts'
import { ID_AT, isRow, NATURAL_HASH_AT, type RowBuffer, rowId, rowLength } from './row.ts'
import {
  firstSlot,
  type IndexChanges,
  RowIndex,
  type RowIndexDraft,
  RowIndexLoader,
  slotAfter,
  SLOTS_AT,
} from './row-index.ts'
import { offsetOf, rowRef, SegmentList, segmentOf } from './segments.ts'

/** How a table finds its rows. */
export interface RowShape {
  /** Of the ids of all rows, such as `key_`. */
  readonly prefix: string
  /** The natural key of a row; null if the rows of the table have none. Rows have its hash at `NATURAL_HASH_AT`. */
  readonly naturalKeyAt: ((words: Uint32Array, at: number) => string) | null
}

/** Rows that nothing refers to may take half as much memory as the others, and this. */
const WASTE_WORDS_MIN = 65_536
/** For each word that a change writes, it looks at so many old ones if there is too much waste, but at least at … */
const CLEANED_WORDS_PER_WORD = 8
const CLEANED_WORDS_MIN = 256

const MARKS_PER_PAUSE = 16_384

const idScratch = new Uint32Array(3)

interface Version {
  readonly shape: RowShape
  readonly segments: SegmentList
  readonly byId: RowIndex
  readonly byNaturalKey: RowIndex | null
  readonly size: number
  /** The length of all rows that the index has, in words. */
  readonly liveWords: number
  /** Up to here the segments have been cleaned. */
  readonly cleaned: { readonly segment: number; readonly at: number }
}

/** How one version of a table differs from another one, for threads that read what one thread writes. */
export interface TableChanges {
  readonly size: number
  readonly segments: ListChanges<Uint32Array>
  readonly byId: IndexChanges
  readonly byNaturalKey: IndexChanges | null
}

/** One version of a table of rows. Immutable: a draft makes the next version, which shares what has not changed. */
export class RowTable {
  readonly #version: Version

  private constructor(version: Version) {
    this.#version = version
  }

  static empty(shape: RowShape): RowTable {
    return new RowTable({
      shape,
      segments: SegmentList.empty(),
      byId: RowIndex.empty(),
      byNaturalKey: shape.naturalKeyAt === null ? null : RowIndex.empty(),
      size: 0,
      liveWords: 0,
      cleaned: { segment: 0, at: 0 },
    })
  }

  /** Only for those that make a table. */
  static of(version: Version): RowTable {
    return new RowTable(version)
  }

  get size(): number {
    return this.#version.size
  }

  /** The size of all rows and indexes in bytes, with what is allocated for the next rows. */
  get byteLength(): number {
    const { segments, byId, byNaturalKey } = this.#version
    return segments.capacityWords * 4 + byId.byteLength + (byNaturalKey?.byteLength ?? 0)
  }

  /** The words that have a row. */
  wordsOf(ref: number): Uint32Array {
    return this.#version.segments.words(segmentOf(ref))
  }

  /** The row with this id, or 0. */
  find(id: string): number {
    const isWhole = packId(id, this.#version.shape.prefix, idScratch, 0)
    return this.findPacked(idScratch, 0, isWhole ? null : id)
  }

  /**
   * The row with the id at a word, or 0.
   *
   * @param text the id, if the words do not say it all
   */
  findPacked(id: Uint32Array, at: number, text: string | null): number {
    const { byId, segments, shape } = this.#version
    const [first = 0, second = 0, third = 0] = [id[at], id[at + 1], id[at + 2]]
    const hash = hashOfId(first, second, third)
    const page = byId.page(hash)
    let slot = firstSlot(hash, page)
    for (let looked = SLOTS_AT; looked < page.length; looked += 1) {
      const ref = page[slot] ?? 0
      if (ref === 0) return 0
      const words = segments.words(segmentOf(ref))
      const row = offsetOf(ref)
      if (
        words[row + 1] === first &&
        words[row + 2] === second &&
        words[row + 3] === third &&
        (text === null || rowId(words, row, shape.prefix) === text)
      ) {
        return ref
      }
      slot = slotAfter(slot, page)
    }
    return 0
  }

  /** The row with this natural key, or 0. @param hash of the key, as rows have it */
  findNatural(naturalKey: string, hash: number): number {
    return this.#version.byNaturalKey?.find(hash, this.#hasNaturalKey(naturalKey, hash)) ?? 0
  }

  #hasNaturalKey(naturalKey: string, hash: number): (ref: number) => boolean {
    const { naturalKeyAt } = this.#version.shape
    return (ref) => {
      const words = this.wordsOf(ref)
      const at = offsetOf(ref)
      return words[at + NATURAL_HASH_AT] === hash && naturalKeyAt?.(words, at) === naturalKey
    }
  }

  /** The references of all rows, in no particular order. */
  refs(): Generator<number> {
    return this.#version.byId.refs()
  }

  /**
   * The rows of this version, as many as a segment has at a time.
   *
   * @param pause lets other work of the process run; called after each millisecond or so of work
   */
  async *rows(pause: () => Promise<void>): AsyncGenerator<Uint32Array> {
    const { segments } = this.#version
    const live = await this.#liveMarks(pause)
    for (let segment = 0; segment < segments.length; segment += 1) {
      const from = segments.words(segment)
      const rows = new Uint32Array(from.length)
      let length = 0
      for (let at = 0; rowLength(from, at) > 0; at += rowLength(from, at)) {
        if (!live.has(segment, at)) continue
        const row = from.subarray(at, at + rowLength(from, at))
        rows.set(row, length)
        length += row.length
      }
      if (length > 0) yield rows.subarray(0, length)
      await pause()
    }
  }

  async #liveMarks(pause: () => Promise<void>): Promise<RowMarks> {
    const { segments, byId } = this.#version
    const marks = new RowMarks(segments)
    let marked = 0
    for (const ref of byId.refs()) {
      marks.add(ref)
      marked += 1
      if (marked % MARKS_PER_PAUSE === 0) await pause()
    }
    return marks
  }

  /** Whether this version has the row at a place. */
  isLive(segment: number, at: number): boolean {
    const words = this.#version.segments.words(segment)
    const text = isWholeId(words, at + ID_AT) ? null : rowId(words, at, this.#version.shape.prefix)
    return this.findPacked(words, at + ID_AT, text) === rowRef(segment, at)
  }

  /** How this version differs from another one. Memory that both have is left out. */
  changesSince(before: RowTable): TableChanges {
    const { segments, byId, byNaturalKey, size } = this.#version
    const other = before.#version
    return {
      size,
      segments: listChanges(other.segments.all, segments.all),
      byId: byId.changesSince(other.byId),
      byNaturalKey: byNaturalKey?.changesSince(other.byNaturalKey ?? RowIndex.empty()) ?? null,
    }
  }

  /**
   * The version that was compared with this one, or with the one that this one is a copy of. It is for reading: its rows are
   * those of the thread that writes them.
   */
  withChanges({ size, segments, byId, byNaturalKey }: TableChanges): RowTable {
    const version = this.#version
    return new RowTable({
      ...version,
      size,
      segments: SegmentList.reading(changedList(version.segments.all, segments)),
      byId: version.byId.withChanges(byId),
      byNaturalKey:
        byNaturalKey === null ? null : (version.byNaturalKey ?? RowIndex.empty()).withChanges(byNaturalKey),
    })
  }

  /** Makes the next version. */
  draft(): RowTableDraft {
    return new RowTableDraft(this.#version)
  }
}

/** A bit for each place of a row. */
class RowMarks {
  readonly #bits: readonly Uint32Array[]

  constructor(segments: SegmentList) {
    this.#bits = Array.from(
      { length: segments.length },
      (_, segment) => new Uint32Array((segments.words(segment).length + 31) >>> 5),
    )
  }

  add(ref: number): void {
    const at = offsetOf(ref)
    const bits = this.#bits[segmentOf(ref)]
    if (bits !== undefined) bits[at >>> 5] = (bits[at >>> 5] ?? 0) | (1 << (at & 31))
  }

  has(segment: number, at: number): boolean {
    return ((this.#bits[segment]?.[at >>> 5] ?? 0) & (1 << (at & 31))) !== 0
  }
}

/** Changes a copy of a table. */
export class RowTableDraft {
  readonly #shape: RowShape
  readonly #segments: SegmentList
  readonly #byId: RowIndexDraft
  readonly #byNaturalKey: RowIndexDraft | null
  #size: number
  #liveWords: number
  #cleaned: Version['cleaned']
  #writtenWords = 0

  constructor(version: Version) {
    this.#shape = version.shape
    this.#segments = version.segments.fork()
    this.#byId = version.byId.draft((ref) => idHashOf(this.#segments, ref))
    this.#byNaturalKey = version.byNaturalKey?.draft((ref) => naturalHashOf(this.#segments, ref)) ?? null
    this.#size = version.size
    this.#liveWords = version.liveWords
    this.#cleaned = version.cleaned
  }

  /** The table as it is now. The draft must not be used any more. */
  finish(): RowTable {
    this.#clean()
    return this.#table()
  }

  #table(): RowTable {
    return RowTable.of({
      shape: this.#shape,
      segments: this.#segments,
      byId: this.#byId.current,
      byNaturalKey: this.#byNaturalKey?.current ?? null,
      size: this.#size,
      liveWords: this.#liveWords,
      cleaned: this.#cleaned,
    })
  }

  /**
   * Adds or replaces a row. A row with the same natural key and another id is removed.
   *
   * @returns the flags of the row that had the id; undefined if none had
   */
  put(row: RowBuffer): number | undefined {
    const { words, length } = row
    const text = isWholeId(words, ID_AT) ? null : rowId(words, 0, this.#shape.prefix)
    const before = this.#table().findPacked(words, ID_AT, text)
    const flags =
      before === 0 ? undefined : (this.#segments.words(segmentOf(before))[offsetOf(before)] ?? 0) >>> 16
    this.#displace(words, before)
    const after = this.#append(words, length)
    const hash = idHashOf(this.#segments, after)
    if (before === 0) {
      this.#byId.add(hash, after)
      this.#size += 1
    } else {
      this.#byId.replace(hash, before, after)
      this.#liveWords -= this.#lengthOf(before)
    }
    this.#liveWords += length
    this.#putNatural(before, after)
    return flags
  }

  /** Removes a row. @returns whether there was one */
  remove(id: string): boolean {
    const ref = this.#table().find(id)
    if (ref === 0) return false
    this.#drop(ref)
    return true
  }

  #append(words: Uint32Array, length: number): number {
    this.#writtenWords += length
    return this.#segments.append(words, length)
  }

  /** Removes the row of another id that has the natural key of this one. */
  #displace(words: Uint32Array, before: number): void {
    const { naturalKeyAt } = this.#shape
    if (naturalKeyAt === null) return
    const other = this.#table().findNatural(naturalKeyAt(words, 0), words[NATURAL_HASH_AT] ?? 0)
    if (other !== 0 && other !== before) this.#drop(other)
  }

  #drop(ref: number): void {
    this.#byId.remove(idHashOf(this.#segments, ref), ref)
    this.#byNaturalKey?.remove(naturalHashOf(this.#segments, ref), ref)
    this.#size -= 1
    this.#liveWords -= this.#lengthOf(ref)
  }

  #putNatural(before: number, after: number): void {
    if (this.#byNaturalKey === null) return
    const hash = naturalHashOf(this.#segments, after)
    const hashBefore = before === 0 ? undefined : naturalHashOf(this.#segments, before)
    if (hashBefore === hash) {
      this.#byNaturalKey.replace(hash, before, after)
      return
    }
    if (hashBefore !== undefined) this.#byNaturalKey.remove(hashBefore, before)
    this.#byNaturalKey.add(hash, after)
  }

  /**
   * If rows that nothing refers to take too much memory, moves the live rows of the next segment to its end, a few with
   * each change, so that no change takes long. An empty segment is released.
   */
  #clean(): void {
    const segments = this.#segments
    let left = Math.max(CLEANED_WORDS_MIN, this.#writtenWords * CLEANED_WORDS_PER_WORD)
    while (left > 0 && segments.capacityWords > this.#liveWords * 1.5 + WASTE_WORDS_MIN) {
      let { segment, at } = this.#cleaned
      if (segment >= segments.length) segment = 0
      const words = segments.words(segment)
      if (segment === segments.tail || words.length === 0) {
        this.#cleaned = { segment: segment + 1, at: 0 }
        left -= 1
        continue
      }
      for (; rowLength(words, at) > 0 && left > 0; at += rowLength(words, at)) {
        this.#move(segment, at)
        left -= rowLength(words, at)
      }
      const isEmpty = rowLength(words, at) === 0
      if (isEmpty) segments.release(segment)
      this.#cleaned = isEmpty ? { segment: segment + 1, at: 0 } : { segment, at }
    }
  }

  #move(segment: number, at: number): void {
    const table = this.#table()
    if (!table.isLive(segment, at)) return
    const before = rowRef(segment, at)
    const words = this.#segments.words(segment)
    const length = rowLength(words, at)
    const after = this.#segments.append(words.subarray(at, at + length), length)
    this.#byId.replace(idHashOf(this.#segments, after), before, after)
    this.#byNaturalKey?.replace(naturalHashOf(this.#segments, after), before, after)
  }

  #lengthOf(ref: number): number {
    return rowLength(this.#segments.words(segmentOf(ref)), offsetOf(ref))
  }
}

function idHashOf(segments: SegmentList, ref: number): number {
  const words = segments.words(segmentOf(ref))
  const at = offsetOf(ref)
  return hashOfId(words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0)
}

function naturalHashOf(segments: SegmentList, ref: number): number {
  return segments.words(segmentOf(ref))[offsetOf(ref) + NATURAL_HASH_AT] ?? 0
}

/** Builds a table from many rows at once. */
export class RowTableLoader {
  readonly #shape: RowShape
  readonly #segments = SegmentList.empty()
  readonly #byId = new RowIndexLoader()
  readonly #byNaturalKey: RowIndexLoader | null
  #size = 0
  #liveWords = 0

  constructor(shape: RowShape) {
    this.#shape = shape
    this.#byNaturalKey = shape.naturalKeyAt === null ? null : new RowIndexLoader()
  }

  /** Adds a row. Each id and each natural key may come at most once. */
  add({ words, length }: RowBuffer): void {
    this.#index(this.#segments.append(words, length), length)
  }

  /**
   * Adds whole rows, one after the other, without copying them.
   *
   * @param isSound whether the fields at a place are those of a row; its length and its id have been checked
   * @throws RangeError when the words are not rows
   */
  adopt(words: Uint32Array, isSound: (at: number) => boolean): void {
    const segment = this.#segments.adopt(words)
    for (let at = 0; at < words.length; at += rowLength(words, at)) {
      if (!isRow(words, at) || !isSound(at)) throw new RangeError('a row is damaged')
      this.#index(rowRef(segment, at), rowLength(words, at))
    }
  }

  #index(ref: number, length: number): void {
    this.#byId.add(idHashOf(this.#segments, ref), ref)
    this.#byNaturalKey?.add(naturalHashOf(this.#segments, ref), ref)
    this.#size += 1
    this.#liveWords += length
  }

  /**
   * Builds the table. Call it once: it empties the loader.
   *
   * @param pause lets other work of the process run; called after each millisecond or so of work
   */
  async build(pause: () => Promise<void>): Promise<RowTable> {
    const byId = await this.#byId.build((ref) => idHashOf(this.#segments, ref), pause)
    const byNaturalKey =
      (await this.#byNaturalKey?.build((ref) => naturalHashOf(this.#segments, ref), pause)) ?? null
    return RowTable.of({
      shape: this.#shape,
      segments: this.#segments,
      byId,
      byNaturalKey,
      size: this.#size,
      liveWords: this.#liveWords,
      cleaned: { segment: 0, at: 0 },
    })
  }
}
