import { decodeBase62 } from '@sallyport/core'
import type { ImportChunk, ImportLine } from '../../store/port/keys/imports.ts'
import { TURN_LINES } from './import-bounds.ts'

/** The first two digits of an id, 62 × 62 values, in groups of four. */
const BUCKETS = 961
const GROUP = 4
const DIGITS_START = 'key_'.length
const DIGITS_END = DIGITS_START + 2

/** The bucket of a line: ids are spread evenly, and those of a later bucket are greater. */
function bucketOf(line: ImportLine): number {
  return 'id' in line
    ? Math.floor(decodeBase62(line.id, DIGITS_START, DIGITS_END) / GROUP)
    : line.line % BUCKETS
}

/** How many buckets have about as many lines as one transaction works off. */
export function bucketsOfTurn(lineCount: number): number {
  return Math.min(Math.max(Math.floor((TURN_LINES * BUCKETS) / lineCount), 1), BUCKETS)
}

/** Sorts lines into chunks, one for each bucket that has some. @param number the number of all these chunks */
export function chunksOf(lines: readonly ImportLine[], number: number): readonly ImportChunk[] {
  return [...Map.groupBy(lines, bucketOf)]
    .toSorted(([one], [other]) => one - other)
    .map(([bucket, own]) => ({ bucket, number, lines: own }))
}
