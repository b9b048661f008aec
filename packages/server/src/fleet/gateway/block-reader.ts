import type { KeyObject } from 'node:crypto'
import { fleetName, fleetPublicKey } from '../../crypto/derived/fleet-keys.ts'
import { setImmediate } from 'node:timers/promises'
import { type FeedRecord, Snapshot, SnapshotBytesReader } from '@sallyport/core'
import { CellWriter, isSamePosition, type Position } from '../../sync/cell-writer.ts'
import type { SnapshotCell } from '../../sync/snapshot-cell.ts'
import { PushedBatches } from './pushed-batches.ts'
import { decodeOwnPart, isOwnPart } from '../disk/own-snapshot.ts'
import { BlockError, decodeBlock, type Block, type BlockHead, type SnapshotHead } from '../blocks/block.ts'

/** A snapshot of which parts have arrived. */
interface Loading {
  readonly to: Position
  /** How many. */
  parts: number
  readonly batches: PushedBatches<readonly FeedRecord[]>
  readonly loaded: Promise<void>
}

/** A snapshot of the gateway's file of which parts have been read. */
interface OwnLoading {
  readonly to: Position
  /** How many. */
  parts: number
  readonly reader: SnapshotBytesReader
}

/** Brings blocks of one fleet into a cell. One call at a time. */
export class BlockReader {
  readonly #fleet: string
  readonly #key: KeyObject
  readonly #writer: CellWriter
  #loading: Loading | undefined
  #ownLoading: OwnLoading | undefined
  #committedAtMs: number | undefined

  /** @param publicKey of the fleet; see `FleetKeys` */
  constructor(publicKey: string, cell: SnapshotCell) {
    this.#fleet = fleetName(publicKey)
    this.#key = fleetPublicKey(publicKey)
    this.#writer = new CellWriter(cell)
  }

  /** See `fleetName`. */
  get fleet(): string {
    return this.#fleet
  }

  /** The position of the cell. */
  get position(): Position {
    return this.#writer.position
  }

  /** When the first change of the last block was committed, in ms since 1970; undefined after a part of a snapshot. */
  get committedAtMs(): number | undefined {
    return this.#committedAtMs
  }

  /**
   * Applies a block.
   *
   * @returns its head; the position changes with the last part of a snapshot
   * @throws BlockError if the block is not one of the fleet, or does not follow
   */
  async read(bytes: Uint8Array): Promise<BlockHead> {
    const block = this.check(bytes)
    this.#committedAtMs = 'changes' in block ? block.changes[0]?.atMs : undefined
    if ('records' in block) {
      await this.#readPart(block.head, block.records)
      return block.head
    }
    const { from } = block.head
    const isLoading = this.#loading !== undefined || this.#ownLoading !== undefined
    if (isLoading || !isSamePosition(from, this.position))
      throw new BlockError(
        `The changes follow revision ${from.revision}, and the gateway is at ${this.position.revision}.`,
      )
    await this.#writer.apply(block.changes)
    return block.head
  }

  /**
   * Applies a block of the gateway's file, which has its seal: also a part of a snapshot that the gateway has written itself.
   *
   * @returns as `read`
   * @throws as `read`; SnapshotBytesError for a snapshot of another format, or of a machine of another kind
   */
  async readKept(block: Buffer): Promise<BlockHead> {
    if (!isOwnPart(block)) return await this.read(block)
    const { head, bytes } = decodeOwnPart(block)
    const { fleet, to, part, isLast } = head
    if (fleet !== this.#fleet) throw new BlockError(`The block is of the fleet ${fleet}.`)
    if (part === 0) this.#ownLoading = { to, parts: 0, reader: new SnapshotBytesReader() }
    const loading = this.#ownLoading
    if (loading === undefined || loading.parts !== part || !isSamePosition(loading.to, to))
      throw new BlockError(`Part ${part} of a snapshot does not follow the part before.`)
    loading.parts += 1
    loading.reader.push(bytes)
    if (!isLast) return head
    this.#ownLoading = undefined
    const snapshot = await Snapshot.ofBytes(loading.reader, setImmediate)
    if (snapshot.revision !== to.revision)
      throw new BlockError(`The snapshot has revision ${snapshot.revision} instead of ${to.revision}.`)
    await this.#writer.put(snapshot, to.hash)
    return head
  }

  /** Checks a block without applying it. @throws BlockError if it is not one of the fleet */
  check(bytes: Uint8Array): Block {
    return decodeBlock(bytes, this.#fleet, this.#key)
  }

  /** Forgets a snapshot of which not all parts have arrived. */
  reset(): void {
    this.#loading = undefined
    this.#ownLoading = undefined
  }

  async #readPart({ to, part, isLast }: SnapshotHead, records: readonly FeedRecord[]): Promise<void> {
    if (part === 0) this.#loading = this.#begin(to)
    const loading = this.#loading
    if (loading === undefined || loading.parts !== part || !isSamePosition(loading.to, to))
      throw new BlockError(`Part ${part} of a snapshot does not follow the part before.`)
    loading.parts += 1
    loading.batches.push(records)
    if (!isLast) return
    loading.batches.complete()
    await loading.loaded
    this.#loading = undefined
  }

  #begin(to: Position): Loading {
    const batches = new PushedBatches<readonly FeedRecord[]>()
    return { to, parts: 0, batches, loaded: this.#writer.load(to, batches) }
  }
}
