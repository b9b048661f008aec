import { isRow, type RowBuffer, rowLength } from './row.ts'
import { RowIndexLoader } from './row-index.ts'
import { RowTable } from './row-table.ts'
import { rowRef, SegmentList } from './segments.ts'
import { idHashOf, naturalHashOf, type RowShape } from './table-version.ts'

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
