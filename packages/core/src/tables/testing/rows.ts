import { readText } from '../packed-text.ts'
import { NATURAL_HASH_AT, rowId, RowBuffer, type RowContext } from '../row.ts'
import { RowTable } from '../row-table.ts'
import type { RowShape } from '../table-version.ts'
import { offsetOf } from '../segments.ts'
import { ValuePool } from '../value-pool.ts'

/** A row of the tests: an id, a natural key and its hash, and words that say nothing. */
export interface TestRow {
  readonly id: string
  readonly naturalKey: string
  readonly hash: number
  readonly filler: number
}

const NATURAL_KEY_AT = 5

export const SHAPE: RowShape = {
  prefix: 'key_',
  naturalKeyAt: (words, at) => readText(words, at + NATURAL_KEY_AT),
}

function testContext(): RowContext {
  return { pool: new ValuePool(), seed: [1, 2] }
}

/** Writes a row into a buffer, which each call uses again. */
export function rowWriter(): (row: TestRow) => RowBuffer {
  const buffer = new RowBuffer(testContext())
  return ({ id, naturalKey, hash, filler }) => {
    buffer.begin(NATURAL_KEY_AT)
    buffer.words[NATURAL_HASH_AT] = hash
    buffer.text(naturalKey)
    buffer.words.fill(filler, buffer.extend(filler), buffer.length)
    buffer.end(id, SHAPE.prefix, filler & 0xff)
    return buffer
  }
}

/** The row at a place; the filler is checked word by word. */
export function rowAt(table: RowTable, ref: number): TestRow | undefined {
  if (ref === 0) return undefined
  const words = table.wordsOf(ref)
  const at = offsetOf(ref)
  const filler = (words[at] ?? 0) >>> 16
  const naturalKey = readText(words, at + NATURAL_KEY_AT)
  const start = at + NATURAL_KEY_AT + 1 + Math.ceil(naturalKey.length / 4)
  const isWhole = words.subarray(start, start + filler).every((word) => word === filler)
  return {
    id: rowId(words, at, SHAPE.prefix),
    naturalKey,
    hash: words[at + NATURAL_HASH_AT] ?? 0,
    filler: isWhole ? filler : -1,
  }
}

/** A usual id. */
export function idOf(number: number): string {
  return `key_${number.toString(36).padStart(16, '0')}`
}
