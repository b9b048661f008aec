import { Problem } from '@sallyport/core'
import type { Page, PageRequest } from '../port/paging.ts'

/** The most a single page holds. The HTTP contract asks for at most 200; exports inside the server read larger ones. */
const PAGE_LIMIT_MAX = 1_000
/** No cursor of ours is longer, in characters. */
const CURSOR_CHARS_MAX = 1_024

type Shape = readonly ('number' | 'string')[]
/** Where a page ended: the values of the columns that its list is ordered by. */
type Place<S extends Shape> = { -readonly [I in keyof S]: S[I] extends 'number' ? number : string }

function badCursor(): Problem {
  return new Problem('invalid_request', {
    detail: 'The cursor is not one of this list: use `next` of the page before, as it came.',
    extensions: { errors: [{ path: 'cursor', message: 'is not a cursor of this list' }] },
  })
}

function readPlace(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch (cause) {
    throw cause instanceof SyntaxError ? badCursor() : cause
  }
}

function encodePlace(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place), 'utf8').toString('base64url')
}

/**
 * The place after which a page begins; undefined for the first page. A cursor holds no secret and grants nothing: it
 * only says where to go on within a list that the caller may read anyway.
 *
 * @throws Problem `invalid_request` when the cursor is not, to the character, one of a list of this shape
 */
export function placeAfter<const S extends Shape>(page: PageRequest, shape: S): Place<S> | undefined {
  if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > PAGE_LIMIT_MAX) {
    throw new RangeError(`A page holds 1 to ${PAGE_LIMIT_MAX} things, not ${page.limit}`)
  }
  const { cursor } = page
  if (cursor === undefined) return undefined
  if (cursor.length > CURSOR_CHARS_MAX) throw badCursor()
  const place = readPlace(cursor)
  if (!Array.isArray(place) || place.length !== shape.length) throw badCursor()
  const fits = shape.every((type, index) =>
    type === 'number' ? Number.isSafeInteger(place[index]) : typeof place[index] === 'string',
  )
  if (!fits || encodePlace(place) !== cursor) throw badCursor()
  return place as Place<S>
}

/**
 * Makes a page of the rows of a query that asked for one more than the page's limit: if that one came, there is a
 * next page.
 */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  place: (row: R) => readonly (string | number)[],
  items: (rows: readonly R[]) => readonly T[],
): Page<T> {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  const next = rows.length > limit && last !== undefined ? encodePlace(place(last)) : null
  return { items: items(kept), next }
}
