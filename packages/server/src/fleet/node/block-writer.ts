import type { FeedRecord } from '@sallyport/core'
import { fleetName, type FleetKeys } from '../../crypto/derived/fleet-keys.ts'
import type { Sealer } from '../../crypto/seal.ts'
import type { FeedChange } from '../../store/port/feed.ts'
import type { Position } from '../../sync/cell-writer.ts'
import { encodeBlock } from '../blocks/block.ts'
import { shareSecrets } from '../blocks/shared-secrets.ts'

/** Records of changes that one block has at most, unless a single change has more. */
const RECORDS_MAX = 1_000

/** Changes as gateways get them. */
export interface ChangesBlock {
  readonly from: Position
  readonly to: Position
  readonly bytes: Uint8Array
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

  /** @param from the position that the changes follow */
  *changes(from: Position, changes: readonly FeedChange[]): Generator<ChangesBlock> {
    let group: FeedChange[] = []
    let records = 0
    let start = from
    for (const change of changes) {
      group.push(change)
      records += change.records.length
      if (records < RECORDS_MAX && change !== changes.at(-1)) continue
      const to = { revision: change.revision, hash: change.hash }
      const shared = group.map((one) => ({ ...one, records: one.records.map(this.#share) }))
      const head = { kind: 'changes', fleet: this.#fleet, from: start, to } as const
      yield { from: start, to, bytes: encodeBlock(head, shared, this.#keys.signing) }
      group = []
      records = 0
      start = to
    }
  }

  /** A part of a snapshot. @param part 0, 1, 2, … */
  snapshotPart(to: Position, part: number, isLast: boolean, records: readonly FeedRecord[]): Uint8Array {
    const head = { kind: 'snapshot', fleet: this.#fleet, to, part, isLast } as const
    return encodeBlock(head, records.map(this.#share), this.#keys.signing)
  }
}
