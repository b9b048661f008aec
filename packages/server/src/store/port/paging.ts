/** How much of a list is wanted: at most `limit` things, after the one that `cursor` names. */
export interface PageRequest {
  readonly limit: number
  /** What `next` of the page before said; undefined for the first page. */
  readonly cursor?: string | undefined
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}
