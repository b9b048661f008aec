import type { Target } from '@sallyport/core'

/** One page of a list: at most `limit` items, after the item at `cursor`. */
export interface PageRequest {
  readonly limit: number
  /** `next` of the previous page; undefined for the first page. */
  readonly cursor?: string | undefined
  /** Only rows within one of these scopes, for lists of scoped rows; left out for all rows. */
  readonly visible?: readonly Target[] | undefined
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/** A page that says how many items all pages have together. */
export interface CountedPage<T> extends Page<T> {
  /** At least so many if it is not exact. */
  readonly total: number
  readonly isTotalExact: boolean
}
