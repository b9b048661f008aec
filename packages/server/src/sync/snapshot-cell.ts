import { Snapshot } from '@sallyport/core'

/**
 * Where the newest snapshot stands. A change replaces the cell's content, never the object in it: whoever takes
 * `current` once sees one revision to the end.
 */
export class SnapshotCell {
  current: Snapshot = Snapshot.empty()
  /** Whether a first snapshot has arrived. */
  isLoaded = false
  /** When the store last said that there is nothing newer, in ms by this process's clock; 0 before it first did. */
  freshAtMs = 0
}
