import { Snapshot } from '@sallyport/core'
import type { SnapshotCell } from './snapshot-cell.ts'
import type { SnapshotPart } from './snapshot-parts.ts'

/** Brings a cell to the snapshots of the thread that follows the feed. */
export class FollowedThread {
  readonly #cell: SnapshotCell
  /** What the parts so far have made. */
  #next: Snapshot

  constructor(cell: SnapshotCell) {
    this.#cell = cell
    this.#next = cell.current
  }

  /** Applies a part. One at a time. @returns when it is applied; the last part, when its snapshot is in force */
  async apply({ revision, begins, tables, records, changes }: SnapshotPart): Promise<void> {
    const before = begins ? Snapshot.empty() : this.#next
    this.#next = before.withShared(revision, tables, records)
    if (changes === null) return
    const changed = changes === 'all' ? 'all' : records
    await this.#cell.prepare(this.#next, changed)
    this.#cell.replace(this.#next, changed)
    this.#cell.isLoaded = true
  }
}
