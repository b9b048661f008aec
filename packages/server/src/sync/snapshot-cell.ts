import { Snapshot, type FeedRecord } from '@sallyport/core'
import { ownTime, type TimeCell } from '../threads/time-cell.ts'

/**
 * Applies a new snapshot to running work. It must not throw.
 *
 * @param records the changed records; `all` if any record may have changed
 */
export type SnapshotListener = (snapshot: Snapshot, records: readonly FeedRecord[] | 'all') => void

/**
 * Prepares work for a new snapshot, before it is in force. It takes turns, and must not reject.
 *
 * @param records the changed records; `all` if any record may have changed
 */
export type PrepareListener = (snapshot: Snapshot, records: readonly FeedRecord[] | 'all') => Promise<void>

/**
 * Tells other threads of a new snapshot, while this one prepares and replaces its own. It must not reject.
 *
 * @param records the changed records; `all` if any record may have changed
 * @returns when the snapshot is in force in all of them
 */
export type ShareListener = PrepareListener

/**
 * Holds the newest snapshot. A change replaces the snapshot and never modifies it, so code that reads `current` once
 * sees one consistent revision.
 */
export class SnapshotCell {
  #current: Snapshot = Snapshot.empty()
  readonly #listeners = new Set<SnapshotListener>()
  readonly #prepareListeners = new Set<PrepareListener>()
  readonly #upToDateAt: TimeCell
  #share: ShareListener | undefined
  /** What is going to replace the current snapshot. */
  #next: Snapshot | undefined
  /** Whether the first snapshot is loaded. */
  isLoaded = false

  /** @param upToDateAt where to keep when the snapshot was up to date */
  constructor(upToDateAt: TimeCell = ownTime()) {
    this.#upToDateAt = upToDateAt
  }

  /** When the snapshot was last known to be up to date with the store, in ms by the monotonic clock. */
  get upToDateAtMs(): number {
    return this.#upToDateAt.ms
  }

  set upToDateAtMs(ms: number) {
    this.#upToDateAt.ms = ms
  }

  get current(): Snapshot {
    return this.#current
  }

  /** Lets each listener prepare for a new snapshot. `replace` follows. */
  async prepare(snapshot: Snapshot, records: readonly FeedRecord[] | 'all'): Promise<void> {
    for (const listener of this.#prepareListeners) await listener(snapshot, records)
  }

  /** Calls the listener for each new snapshot, before `replace`. @returns a function that ends that */
  onPrepare(listener: PrepareListener): () => void {
    this.#prepareListeners.add(listener)
    return () => this.#prepareListeners.delete(listener)
  }

  /** Tells the other threads, if there are any. @returns when the snapshot is in force in all of them */
  async share(snapshot: Snapshot, records: readonly FeedRecord[] | 'all'): Promise<void> {
    this.#next = snapshot
    await this.#share?.(snapshot, records)
  }

  /**
   * Calls the listener for each new snapshot, before all others. There is one listener, or none.
   *
   * @returns the newest snapshot that it is not called for, which can still be about to be in force
   */
  onShare(listener: ShareListener | undefined): Snapshot {
    this.#share = listener
    return this.#next ?? this.#current
  }

  /** Replaces the snapshot after every listener has applied it, so its revision is in force once `current` has it. */
  replace(snapshot: Snapshot, records: readonly FeedRecord[] | 'all'): void {
    for (const listener of this.#listeners) listener(snapshot, records)
    this.#current = snapshot
    this.#next = undefined
  }

  /** Calls the listener for each new snapshot, before it becomes the current one. @returns a function that ends that */
  onReplace(listener: SnapshotListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
