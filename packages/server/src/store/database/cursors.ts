import { Problem } from '@sallyport/core'
import type { Page, PageRequest } from '../port/pages/paging.ts'

/** Items per page at most. The HTTP contract allows 200; exports inside the server read larger pages. */
const PAGE_LIMIT_MAX = 1_000
/** Characters per cursor at most; the store's own cursors are shorter. */
const CURSOR_CHARS_MAX = 1_024

type Types = readonly ('number' | 'string')[]
/** The last row of a page, as the values of the columns that its list is ordered by. */
type Position<T extends Types> = { -readonly [I in keyof T]: T[I] extends 'number' ? number : string }

const BAD_CURSOR =
  'The cursor does not belong to this list. Pass `next` of the previous page unchanged, with the same filters and credential.'

function badCursor(): Problem {
  return new Problem('invalid_request', {
    detail: BAD_CURSOR,
    extensions: { errors: [{ path: 'cursor', message: BAD_CURSOR }] },
  })
}

/** Whether a value is a text that both databases can compare. PostgreSQL has no texts with NUL. */
function isStorable(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\0') && value.isWellFormed()
}

function decodeCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch (cause) {
    throw cause instanceof SyntaxError ? badCursor() : cause
  }
}

/** The cursor of a position in a list. */
export function encodeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position), 'utf8').toString('base64url')
}

/**
 * Reads the position after which the requested page starts; undefined for the first page. A cursor contains no secret
 * and grants no access: it is a position in a list that the caller may read anyway.
 *
 * @param types of the columns that the list is ordered by
 * @throws Problem `invalid_request` when the cursor was not made for a list with these columns
 */
export function startAfter<const T extends Types>(page: PageRequest, types: T): Position<T> | undefined {
  if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > PAGE_LIMIT_MAX) {
    throw new RangeError(`A page holds 1 to ${PAGE_LIMIT_MAX} items, not ${page.limit}`)
  }
  const { cursor } = page
  if (cursor === undefined) return undefined
  if (cursor.length > CURSOR_CHARS_MAX) throw badCursor()
  const position = decodeCursor(cursor)
  if (!Array.isArray(position) || position.length !== types.length) throw badCursor()
  const matches = types.every((type, index) =>
    type === 'number' ? Number.isSafeInteger(position[index]) : isStorable(position[index]),
  )
  // Only the exact text that this store encodes is accepted, so each position has one cursor.
  if (!matches || encodeCursor(position) !== cursor) throw badCursor()
  return position as Position<T>
}

/**
 * Makes a page of a query's rows. The query must ask for one row more than the page's limit: that row shows that
 * another page follows.
 */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  positionOf: (row: R) => readonly (string | number)[],
  itemsOf: (rows: readonly R[]) => readonly T[],
): Page<T> {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  const next = rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null
  return { items: itemsOf(kept), next }
}
