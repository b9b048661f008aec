import { RECORDS_VERSION } from '@sallyport/core'
import type { Position } from '../../sync/cell-writer.ts'
import { BlockError, mustKnow, needing, type SnapshotHead } from '../blocks/block.ts'

/*
 * A part of a snapshot as the gateway itself writes it into its file: the bytes of the tables, which it reads ten times as
 * fast as the records of a control node's blocks. No signature: only the seal of the file says that it is the gateway's own,
 * so it is never taken from a stream. It needs the version of the records that its writer knows: an earlier release on the same
 * disk must not decide without a restriction that it would overlook.
 *
 *   1 byte     `FORMAT`, which no block of a control node has
 *   4 bytes    length of the head, most significant byte first
 *   head       `SnapshotHead` as JSON
 *   content    bytes of `Snapshot.toBytes`
 */
const FORMAT = 0x80
const PREFIX_BYTES = 5

/** From which size on a part ends: reading it is two milliseconds of work. */
const PART_BYTES = 256 * 1024

export interface OwnPart {
  readonly head: SnapshotHead
  readonly bytes: Uint8Array
}

export function isOwnPart(block: Uint8Array): boolean {
  return block[0] === FORMAT
}

/** @throws BlockError for other bytes, or records of a later version; errors of JSON */
export function decodeOwnPart(block: Buffer): OwnPart {
  if (!isOwnPart(block) || block.length < PREFIX_BYTES) throw new BlockError('This is no part of a snapshot.')
  const headEnd = PREFIX_BYTES + block.readUInt32BE(1)
  const head = JSON.parse(block.toString('utf8', PREFIX_BYTES, headEnd)) as SnapshotHead
  mustKnow(head)
  return { head, bytes: block.subarray(headEnd) }
}

/** Parts of one snapshot, one after the other. */
export class OwnPartWriter {
  readonly #fleet: string
  readonly #to: Position
  readonly #needs: number
  #part = 0

  /**
   * @param fleet see `fleetName`
   * @param to the position of the snapshot
   * @param needs the version of the records that a reader must know: that of this release unless given
   */
  constructor(fleet: string, to: Position, needs: number = RECORDS_VERSION) {
    this.#fleet = fleet
    this.#to = to
    this.#needs = needs
  }

  /** The next part. @param bytes of `Snapshot.toBytes`, after those of the part before; the first part has none */
  next(
    bytes: readonly Uint8Array[],
    isLast: boolean,
  ): { readonly head: SnapshotHead; readonly block: Buffer } {
    const [fleet, to, part] = [this.#fleet, this.#to, this.#part]
    const head = { kind: 'snapshot', fleet, to, part, isLast, ...needing(this.#needs) } as const
    this.#part += 1
    const headText = Buffer.from(JSON.stringify(head))
    const prefix = Buffer.alloc(PREFIX_BYTES)
    prefix[0] = FORMAT
    prefix.writeUInt32BE(headText.length, 1)
    return { head, block: Buffer.concat([prefix, headText, ...bytes]) }
  }
}

/** Bytes in lists of about the size of a part. */
export async function* inParts(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Uint8Array[]> {
  let waiting: Uint8Array[] = []
  let length = 0
  for await (const piece of bytes) {
    waiting.push(piece)
    length += piece.length
    if (length < PART_BYTES) continue
    yield waiting
    waiting = []
    length = 0
  }
  if (length > 0) yield waiting
}
