import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { GatewayFacts } from '../../store/port/fleet/attachments.ts'
import type { Position } from '../../sync/cell-writer.ts'
import { SnapshotCell } from '../../sync/snapshot-cell.ts'
import type { NodeFunctions } from '../stream/stream-functions.ts'
import { BlockReader } from './block-reader.ts'
import { GrantedLease } from './granted-lease.ts'

/** How often a gateway asks for a grant, in ms. */
const ASK_MS = 1_000

export interface StreamedSnapshotDeps {
  /** Of the fleet; see `FleetKeys`. */
  readonly publicKey: string
  readonly monotonicMs: () => number
  readonly logger: Logger
  /** What the gateway says about itself. */
  readonly facts: () => GatewayFacts
}

/** The part of a stream that a snapshot needs. */
export interface SnapshotStream {
  readonly remote: Pick<NodeFunctions, 'ask' | 'report'>
  readonly leaseMs: number
  /** Aborted when the stream has ended. */
  readonly ended: AbortSignal
  /** Ends the stream, after something that must not be. Another one begins with the position that the gateway has then. */
  readonly fail: (reason: string) => void
}

/** A snapshot that is brought up to date over streams, one after the other, and the lease that they grant. */
export class StreamedSnapshot {
  readonly cell = new SnapshotCell()
  readonly lease: GrantedLease
  readonly #deps: StreamedSnapshotDeps
  readonly #reader: BlockReader
  readonly #loaded = Promise.withResolvers<void>()
  /** Blocks and answers are taken one after the other, in the order of their arrival. */
  #queue: Promise<void> = Promise.resolve()
  /** The positions since the last question, as hashes. */
  readonly #passed = new Set<string>()
  #stream: SnapshotStream | undefined

  constructor(deps: StreamedSnapshotDeps) {
    this.#deps = deps
    this.lease = new GrantedLease(deps.monotonicMs)
    this.#reader = new BlockReader(deps.publicKey, this.cell)
  }

  get position(): Position {
    return this.#reader.position
  }

  /** Resolves when the first snapshot is in force. */
  get loaded(): Promise<void> {
    return this.#loaded.promise
  }

  /** Follows a stream until it ends. Streams follow each other: the one before must have ended. */
  async follow(stream: SnapshotStream): Promise<void> {
    // Blocks of the stream before are gone from the queue then.
    await this.#queue
    this.#reader.reset()
    this.#stream = stream
    while (!stream.ended.aborted) {
      const askedAtMs = this.#deps.monotonicMs()
      this.#passed.clear()
      this.#passed.add(this.position.hash)
      try {
        const granted = await stream.remote.ask(this.position)
        await this.#inTurn(stream, () => this.#take(granted, askedAtMs, stream))
      } catch (err) {
        if (!stream.ended.aborted) this.#deps.logger.warn({ err }, 'the control node has given no grant')
      }
      await pause(ASK_MS, undefined, { signal: stream.ended, ref: false }).catch(() => undefined)
    }
    this.#stream = undefined
  }

  /** Takes a block of the present stream. */
  receive(block: Uint8Array): void {
    const stream = this.#stream
    if (stream === undefined) return
    void this.#inTurn(stream, async () => {
      if (!(await this.#reader.read(block))) return
      this.#passed.add(this.position.hash)
      this.#loaded.resolve()
      await this.#report(stream)
    })
  }

  async #take(granted: Position, askedAtMs: number, stream: SnapshotStream): Promise<void> {
    if (!this.#passed.has(granted.hash)) {
      stream.fail(`A grant is for revision ${granted.revision}, which this gateway has not reached.`)
      return
    }
    this.cell.upToDateAtMs = askedAtMs
    this.lease.extend(askedAtMs, stream.leaseMs)
    if (!this.cell.isLoaded) {
      // The database is empty.
      this.cell.isLoaded = true
      this.#loaded.resolve()
    }
    await this.#report(stream)
  }

  async #report({ remote }: SnapshotStream): Promise<void> {
    // The answer is not awaited: nothing depends on it.
    void remote.report(this.position, this.#deps.facts()).catch(() => undefined)
    return await Promise.resolve()
  }

  async #inTurn(stream: SnapshotStream, work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(async () => {
      if (stream.ended.aborted) return
      try {
        await work()
      } catch (err) {
        this.#deps.logger.error(
          { err },
          'a message of the control node could not be used; a new stream begins',
        )
        stream.fail(err instanceof Error ? err.message : String(err))
      }
    })
    this.#queue = turn
    await turn
  }
}
