import { hashOfId } from './packed-id.ts'
import { ID_AT, NATURAL_HASH_AT } from './row.ts'
import type { RowIndex } from './row-index.ts'
import { offsetOf, type SegmentList, segmentOf } from './segments.ts'

/** How a table finds its rows. */
export interface RowShape {
  /** Of the ids of all rows, such as `key_`. */
  readonly prefix: string
  /** The natural key of a row; null if the rows of the table have none. Rows have its hash at `NATURAL_HASH_AT`. */
  readonly naturalKeyAt: ((words: Uint32Array, at: number) => string) | null
}

/** What a version of a table consists of. */
export interface TableVersion {
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

/** The hash of the id of a row. */
export function idHashOf(segments: SegmentList, ref: number): number {
  const words = segments.words(segmentOf(ref))
  const at = offsetOf(ref)
  return hashOfId(words[at + ID_AT] ?? 0, words[at + ID_AT + 1] ?? 0, words[at + ID_AT + 2] ?? 0)
}

/** The hash of the natural key of a row. */
export function naturalHashOf(segments: SegmentList, ref: number): number {
  return segments.words(segmentOf(ref))[offsetOf(ref) + NATURAL_HASH_AT] ?? 0
}
