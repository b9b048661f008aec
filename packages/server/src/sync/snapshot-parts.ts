import { setImmediate } from 'node:timers/promises'
import { type FeedRecord, type SharedTables, sharedInParts, type Snapshot } from '@sallyport/core'

/** Records, and blocks of shared memory, in one part: each takes about a millisecond to copy. */
const RECORDS_MAX = 500
const BLOCKS_MAX = 1_024

/** A part of what brings another thread to a snapshot. Plain data. */
export interface SnapshotPart {
  /** Of the snapshot. */
  readonly revision: number
  /** Whether it begins anew: nothing of the snapshot before is used. */
  readonly begins: boolean
  readonly tables: SharedTables | null
  readonly records: readonly FeedRecord[]
  /** What the last part changes: its records, or all; null if more parts follow. */
  readonly changes: 'records' | 'all' | null
}

/**
 * What threads need that have another snapshot, in an order in which it can be applied.
 *
 * @param before what they have; undefined for nothing
 * @param records how the snapshot differs from it
 */
export async function* snapshotParts(
  before: Snapshot | undefined,
  snapshot: Snapshot,
  records: readonly FeedRecord[] | 'all',
): AsyncGenerator<SnapshotPart> {
  const { revision } = snapshot
  if (before !== undefined && records !== 'all') {
    yield { revision, begins: false, tables: snapshot.tablesSince(before), records, changes: 'records' }
    return
  }
  const part = { revision, begins: false, tables: null, records: [], changes: null }
  yield { ...part, begins: true }
  for (const batch of batches(snapshot.otherRecords())) {
    yield { ...part, records: batch }
    await setImmediate()
  }
  for (const tables of sharedInParts(snapshot.tablesSince(undefined), BLOCKS_MAX)) {
    yield { ...part, tables }
    await setImmediate()
  }
  yield { ...part, changes: 'all' }
}

function* batches(records: Iterable<FeedRecord>): Generator<readonly FeedRecord[]> {
  let batch: FeedRecord[] = []
  for (const record of records) {
    batch.push(record)
    if (batch.length < RECORDS_MAX) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
