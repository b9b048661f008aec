import type { Change, FeedRecord } from '@sallyport/core'

/** Everything a gateway needs, as one consistent picture. */
export interface FeedSnapshot {
  readonly revision: number
  /** In batches. Organizations and environments come before what refers to them; nothing else is in order. */
  readonly records: AsyncIterable<readonly FeedRecord[]>
}

export interface FeedSource {
  /**
   * Reads the snapshot and its revision in one read transaction, which stays open until `use` is done. `use` must
   * consume the records within its call.
   */
  readSnapshot<T>(use: (snapshot: FeedSnapshot) => Promise<T>): Promise<T>
  /** The newest revision there is; 0 before the first. */
  head(): Promise<number>
  /**
   * Up to `limit` changes after a revision, oldest first, or `pruned` when some of them are no longer kept and the
   * reader must load afresh.
   */
  changesAfter(revision: number, limit: number): Promise<readonly Change[] | 'pruned'>
  /** Forgets changes made before that time, but never the newest. */
  prune(beforeMs: number): Promise<void>
  /**
   * Calls back soon after a commit, its own or another process's where the database can tell; only ever a hint to
   * look. Returns the function that ends it.
   */
  onChange(wake: () => void): () => void
}
