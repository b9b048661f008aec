/** One page of a list: at most `limit` items, after the item at `cursor`. */
export interface PageRequest {
  readonly limit: number
  /** `next` of the previous page; undefined for the first page. */
  readonly cursor?: string | undefined
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}
