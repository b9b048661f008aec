import { changedList, type ListChanges, listChanges } from './list-changes.ts'
import { hashOfId, isWholeId, packId } from './packed-id.ts'
import { ID_AT, NATURAL_HASH_AT, rowId, rowLength } from './row.ts'
import { firstSlot, type IndexChanges, RowIndex, slotAfter, SLOTS_AT } from './row-index.ts'
import { offsetOf, rowRef, SegmentList, segmentOf } from './segments.ts'
import type { RowShape, TableVersion } from './table-version.ts'

const MARKS_PER_PAUSE = 16_384

const idScratch = new Uint32Array(3)

/** How one version of a table differs from another one, for threads that read what one thread writes. */
export interface TableChanges {
  readonly size: number
  readonly segments: ListChanges<Uint32Array>
  readonly byId: IndexChanges
  readonly byNaturalKey: IndexChanges | null
}

/** One version of a table of rows. Immutable: a `RowTableDraft` makes the next version, which shares what has not changed. */
export class RowTable {
  readonly #version: TableVersion

  private constructor(version: TableVersion) {
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
  static of(version: TableVersion): RowTable {
    return new RowTable(version)
  }

  /** What it consists of, for those that make the next version. */
  get version(): TableVersion {
    return this.#version
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
