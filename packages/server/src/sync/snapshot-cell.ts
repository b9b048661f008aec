import { Snapshot, type FeedRecord } from '@sallyport/core'

/**
 * Applies a new snapshot to running work. It must not throw.
 *
 * @param records the changed records; `all` if any record may have changed
 */
export type SnapshotListener = (snapshot: Snapshot, records: readonly FeedRecord[] | 'all') => void

/** Prepares work for a snapshot that was loaded as a whole, before it is in force. It takes turns, and must not reject. */
export type LoadListener = (snapshot: Snapshot) => Promise<void>

/**
 * Holds the newest snapshot. A change replaces the snapshot and never modifies it, so code that reads `current` once
 * sees one consistent revision.
 */
export class SnapshotCell {
  #current: Snapshot = Snapshot.empty()
  readonly #listeners = new Set<SnapshotListener>()
  readonly #loadListeners = new Set<LoadListener>()
  /** Whether the first snapshot is loaded. */
  isLoaded = false
  /** When the snapshot was last known to be up to date with the store, in ms by the monotonic clock. */
  upToDateAtMs = -Infinity

  get current(): Snapshot {
    return this.#current
  }

  /** Lets each listener prepare for a snapshot that was loaded as a whole. `replace` follows. */
  async prepare(snapshot: Snapshot): Promise<void> {
    for (const listener of this.#loadListeners) await listener(snapshot)
  }

  /** Calls the listener for each snapshot that was loaded as a whole. @returns a function that ends that */
  onLoad(listener: LoadListener): () => void {
    this.#loadListeners.add(listener)
    return () => this.#loadListeners.delete(listener)
  }

  /** Replaces the snapshot after every listener has applied it, so its revision is in force once `current` has it. */
  replace(snapshot: Snapshot, records: readonly FeedRecord[] | 'all'): void {
    for (const listener of this.#listeners) listener(snapshot, records)
    this.#current = snapshot
  }

  /** Calls the listener for each new snapshot, before it becomes the current one. @returns a function that ends that */
  onReplace(listener: SnapshotListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
