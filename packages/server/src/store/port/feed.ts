import type { Change, FeedRecord, LoadOptions, Snapshot } from '@sallyport/core'

/** A point in the history of a database. */
export interface FeedPosition {
  /** The revision of the last change; 0 before the first one. */
  readonly revision: number
  /** The hash of that change, which covers all changes before it; empty before the first one. */
  readonly hash: string
}

export function isSameFeedPosition(one: FeedPosition, other: FeedPosition): boolean {
  return one.revision === other.revision && one.hash === other.hash
}

export type SnapshotOptions = Required<LoadOptions>

/** A snapshot in memory, with the hash of the history up to its revision. */
export interface LoadedSnapshot {
  readonly snapshot: Snapshot
  readonly hash: string
}

/** Everything that a gateway needs, at one position. */
export interface FeedSnapshot extends FeedPosition {
  /** In batches. Organizations and environments come before the records that refer to them. */
  readonly records: AsyncIterable<readonly FeedRecord[]>
}

/** A change with the hash of the history that ends with it. */
export interface FeedChange extends Change {
  readonly hash: string
}

/**
 * The changes after a position, oldest first. `pruned`: some of them are deleted. `forked`: the database does not
 * contain the position, because it lost commits that the reader has seen or was replaced by another one.
 */
export type ChangesAnswer = readonly FeedChange[] | 'pruned' | 'forked'

export interface FeedSource {
  /**
   * Reads the snapshot and its position in one read transaction, which stays open until `use` is done. `use` must
   * consume the records within its call.
   */
  readSnapshot<T>(use: (snapshot: FeedSnapshot) => Promise<T>): Promise<T>
  /** Loads the snapshot into memory; other threads read it if it is large. */
  loadSnapshot(options: SnapshotOptions): Promise<LoadedSnapshot>
  /** The newest revision; 0 before the first change. */
  head(): Promise<number>
  /**
   * Up to `limit` changes after a revision. After `pruned` and `forked` the reader must load a new snapshot.
   *
   * @param hash of the reader's position; without it, a fork shows only when the reader is ahead of the database
   */
  changesAfter(revision: number, limit: number, hash?: string): Promise<ChangesAnswer>
  /** Deletes changes committed before `beforeMs`, and those beyond the newest `keptMax`, but never the newest. */
  prune(beforeMs: number, keptMax: number): Promise<void>
  /**
   * Calls `wake` soon after a commit of this process, or of another one if the database reports it. A call is only a
   * hint to read the changes. Returns a function that stops the calls.
   */
  onChange(wake: () => void): () => void
}
