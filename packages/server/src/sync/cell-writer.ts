import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { Snapshot, type Change, type FeedRecord, type LoadOptions } from '@sallyport/core'
import type { SnapshotCell } from './snapshot-cell.ts'

/** A point in the feed's history: a revision, and the hash of the history up to it. */
export interface Position {
  readonly revision: number
  readonly hash: string
}

/** The position before the first change. */
export const FIRST_POSITION: Position = { revision: 0, hash: '' }

export function isSamePosition(one: Position, other: Position): boolean {
  return one.revision === other.revision && one.hash === other.hash
}

/** Brings changes and whole snapshots into a cell, and knows the position of its content. One call at a time. */
export class CellWriter {
  readonly #cell: SnapshotCell
  #position = FIRST_POSITION

  constructor(cell: SnapshotCell) {
    this.#cell = cell
  }

  /** The position of the cell's snapshot. */
  get position(): Position {
    return this.#position
  }

  /** Replaces everything. @param batches see `Snapshot.load` */
  async load({ revision, hash }: Position, batches: AsyncIterable<readonly FeedRecord[]>): Promise<void> {
    await this.put(await Snapshot.load(revision, batches, loadOptions()), hash)
  }

  /** Replaces everything. @param hash of the history up to the snapshot's revision */
  async put(snapshot: Snapshot, hash: string): Promise<void> {
    await this.#replace(snapshot, { revision: snapshot.revision, hash }, 'all')
    this.#cell.isLoaded = true
  }

  /** Applies the changes that follow the position. */
  async apply(changes: readonly (Change & Position)[]): Promise<void> {
    let snapshot = this.#cell.current
    let records: FeedRecord[] = []
    for (const change of changes) {
      snapshot = snapshot.apply(change)
      // One by one: a change may have more records than a function takes arguments.
      for (const record of change.records) records.push(record)
      // Otherwise a deployment that starts in a later change would seem to replace the one that ended here.
      if (change !== changes.at(-1) && !change.records.some(isEndOfDeployment)) continue
      const { revision, hash } = change
      await this.#replace(snapshot, { revision, hash }, records)
      records = []
    }
  }

  /** The one place where a snapshot comes into force: the position is that of all threads. */
  async #replace(
    snapshot: Snapshot,
    position: Position,
    records: readonly FeedRecord[] | 'all',
  ): Promise<void> {
    const shared = this.#cell.share(snapshot, records)
    // It is thrown below. Until then, it must not count as unhandled, which would end the process.
    shared.catch(() => undefined)
    await this.#cell.prepare(snapshot, records)
    this.#cell.replace(snapshot, records)
    await shared
    this.#position = position
  }
}

/** How a snapshot is loaded into a cell. */
export function loadOptions(): Required<LoadOptions> {
  // Not known to callers, so that they cannot choose usernames that are found slowly.
  const seed = [randomBytes(4).readUInt32LE(), randomBytes(4).readUInt32LE()] as const
  return { seed, pause: setImmediate }
}

function isEndOfDeployment(record: FeedRecord): boolean {
  return record.kind === 'removed' && record.of === 'deployment'
}
