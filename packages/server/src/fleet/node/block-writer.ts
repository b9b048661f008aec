import { fleetName, type FleetKeys } from '../../crypto/derived/fleet-keys.ts'
import { versionOfRecord, type FeedRecord } from '@sallyport/core'
import type { Sealer } from '../../crypto/seal.ts'
import type { FeedChange } from '../../store/port/feed.ts'
import type { Position } from '../../sync/cell-writer.ts'
import { encodeBlock, needing } from '../blocks/block.ts'
import { shareSecrets } from '../blocks/shared-secrets.ts'

/** Records of changes that one block has at most, unless a single change has more. */
const RECORDS_MAX = 1_000

/** Changes as gateways get them. */
export interface ChangesBlock {
  readonly from: Position
  readonly to: Position
  readonly bytes: Uint8Array
  /** The version of the records that it is written in. */
  readonly needs: number
}

/** Writes what the database has as signed blocks. */
export class BlockWriter {
  readonly #keys: FleetKeys
  readonly #share: (record: FeedRecord) => FeedRecord
  readonly #fleet: string

  constructor(keys: FleetKeys, master: Pick<Sealer, 'unseal'>) {
    this.#keys = keys
    this.#share = shareSecrets(master, keys.shared.records)
    this.#fleet = fleetName(keys.publicKey)
  }

  /**
   * Changes that follow each other, without one that fewer gateways can read than those before it.
   *
   * @param from the position that the changes follow
   * @throws UnknownRecordPart if a later release has written one
   */
  *changes(from: Position, changes: readonly FeedChange[]): Generator<ChangesBlock> {
    let group: FeedChange[] = []
    let records = 0
    let start = from
    let needs = 1
    for (const [index, change] of changes.entries()) {
      if (group.length === 0) needs = versionOfRecords(change.records)
      group.push(change)
      records += change.records.length
      const next = changes[index + 1]
      if (next !== undefined && records < RECORDS_MAX && versionOfRecords(next.records) === needs) continue
      const to = { revision: change.revision, hash: change.hash }
      const shared = group.map((one) => ({ ...one, records: one.records.map(this.#share) }))
      const head = { kind: 'changes', fleet: this.#fleet, from: start, to, ...needing(needs) } as const
      yield { from: start, to, bytes: encodeBlock(head, shared, this.#keys.signing), needs }
      group = []
      records = 0
      start = to
    }
  }

  /**
   * A part of a snapshot.
   *
   * @param part 0, 1, 2, …
   * @throws UnknownRecordPart if a later release has written a record
   */
  snapshotPart(
    to: Position,
    part: number,
    isLast: boolean,
    records: readonly FeedRecord[],
  ): Pick<ChangesBlock, 'bytes' | 'needs'> {
    const needs = versionOfRecords(records)
    const head = { kind: 'snapshot', fleet: this.#fleet, to, part, isLast, ...needing(needs) } as const
    return { bytes: encodeBlock(head, records.map(this.#share), this.#keys.signing), needs }
  }
}

function versionOfRecords(records: readonly FeedRecord[]): number {
  let version = 1
  for (const record of records) version = Math.max(version, versionOfRecord(record))
  return version
}
