import type { Change, FeedRecord } from '@sallyport/core'

/** Everything a gateway needs, at one revision. */
export interface FeedSnapshot {
  readonly revision: number
  /** In batches. Organizations and environments come before the records that refer to them. */
  readonly records: AsyncIterable<readonly FeedRecord[]>
}

export interface FeedSource {
  /**
   * Reads the snapshot and its revision in one read transaction, which stays open until `use` is done. `use` must
   * consume the records within its call.
   */
  readSnapshot<T>(use: (snapshot: FeedSnapshot) => Promise<T>): Promise<T>
  /** The newest revision; 0 before the first change. */
  head(): Promise<number>
  /**
   * Up to `limit` changes after a revision, oldest first, or `pruned` when some of them are deleted and the reader must
   * load a new snapshot.
   */
  changesAfter(revision: number, limit: number): Promise<readonly Change[] | 'pruned'>
  /** Deletes changes committed before `beforeMs`, but never the newest. */
  prune(beforeMs: number): Promise<void>
  /**
   * Calls `wake` soon after a commit of this process, or of another one if the database reports it. A call is only a
   * hint to read the changes. Returns a function that stops the calls.
   */
  onChange(wake: () => void): () => void
}
