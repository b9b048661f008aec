import { isWholeId } from './packed-id.ts'
import { ID_AT, NATURAL_HASH_AT, type RowBuffer, rowId, rowLength } from './row.ts'
import type { RowIndexDraft } from './row-index.ts'
import { RowTable } from './row-table.ts'
import { offsetOf, rowRef, type SegmentList, segmentOf } from './segments.ts'
import { idHashOf, naturalHashOf, type RowShape, type TableVersion } from './table-version.ts'

/** Rows that nothing refers to may take half as much memory as the others, and this. */
const WASTE_WORDS_MIN = 65_536
/** For each word that a change writes, it looks at so many old ones if there is too much waste, but at least at … */
const CLEANED_WORDS_PER_WORD = 8
const CLEANED_WORDS_MIN = 256

/** Makes the next version of a table. */
export class RowTableDraft {
  readonly #shape: RowShape
  readonly #segments: SegmentList
  readonly #byId: RowIndexDraft
  readonly #byNaturalKey: RowIndexDraft | null
  #size: number
  #liveWords: number
  #cleaned: TableVersion['cleaned']
  #writtenWords = 0

  constructor({ version }: RowTable) {
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
