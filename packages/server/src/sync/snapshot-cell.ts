import { Snapshot } from '@sallyport/core'

/**
 * Holds the newest snapshot. A change replaces the snapshot and never modifies it, so code that reads `current` once
 * sees one consistent revision.
 */
export class SnapshotCell {
  current: Snapshot = Snapshot.empty()
  /** Whether the first snapshot is loaded. */
  isLoaded = false
  /** When the snapshot was last known to be up to date with the store, in ms by the monotonic clock. */
  upToDateAtMs = -Infinity
}
