import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import type { Snapshot } from '@sallyport/core'
import type { Logger } from 'pino'
import type { GatewayFacts } from '../../store/port/fleet/attachments.ts'
import { isSamePosition, type Position } from '../../sync/cell-writer.ts'
import { SnapshotCell } from '../../sync/snapshot-cell.ts'
import type { TimeCell } from '../../threads/time-cell.ts'
import { BlockStore } from '../disk/block-store.ts'
import { FileUpkeep } from '../disk/file-upkeep.ts'
import type { SnapshotHead } from '../blocks/block.ts'
import { inParts, OwnPartWriter } from '../disk/own-snapshot.ts'
import type { Grant, NodeFunctions } from '../stream/stream-functions.ts'
import type { BlockPurpose } from '../stream/stream.ts'
import { BlockReader } from './block-reader.ts'
import { Turns } from './turns.ts'
import type { AppliedChanges } from './gateway-metrics.ts'
import { GrantedLease } from './granted-lease.ts'

/** How often a gateway asks for a grant, in ms. */
const ASK_MS = 1_000
/** With so many keys the gateway writes its tables into the file itself. Fewer are loaded from records in a tenth of a second. */
const OWN_KEYS_MIN = 20_000

export interface StreamedSnapshotDeps {
  /** Of the fleet; see `FleetKeys`. */
  readonly publicKey: string
  /** The file that the gateway starts from without a control node. */
  readonly path: string
  /** Of 32 bytes; seals the file. */
  readonly key: Uint8Array
  readonly monotonicMs: () => number
  readonly nowMs: () => number
  readonly logger: Logger
  /** What the gateway says about itself. */
  readonly facts: () => GatewayFacts
  /** One that only this thread knows unless given. */
  readonly lease?: GrantedLease | undefined
  /** Where to keep when the snapshot was up to date, for other threads. */
  readonly upToDateAt?: TimeCell | undefined
}

/** The part of a stream that a snapshot needs. */
export interface SnapshotStream {
  readonly remote: Pick<NodeFunctions, 'ask' | 'sendSnapshot'>
  /** Calls `NodeFunctions.report` without an answer: nothing depends on it. */
  readonly report: (position: Position, facts: GatewayFacts) => void
  readonly leaseMs: number
  /** Aborted when the stream has ended. */
  readonly ended: AbortSignal
  /** Ends the stream, after something that must not be. Another one begins with the position that the gateway has then. */
  readonly fail: (reason: string) => void
}

/**
 * A snapshot that is brought up to date over streams, one after the other, the file that keeps it, and the lease that the
 * streams grant.
 */
export class StreamedSnapshot implements AsyncDisposable {
  readonly cell: SnapshotCell
  readonly lease: GrantedLease
  readonly #deps: StreamedSnapshotDeps
  readonly #reader: BlockReader
  readonly #store: BlockStore
  readonly #upkeep: FileUpkeep
  readonly #loaded = Promise.withResolvers<void>()
  /** Of blocks and answers. */
  readonly #turns: Turns
  /** The positions since the last question, as hashes. */
  readonly #passed = new Set<string>()
  #stream: SnapshotStream | undefined
  #listener: (changes: AppliedChanges) => void = () => undefined
  /** What outlasts the end of the process. */
  #kept: Position | undefined
  /** Counts the snapshots that were begun to be written into the file. Only the last one goes on. */
  #ownTurn = 0
  #ownWriting: Promise<void> = Promise.resolve()

  private constructor(deps: StreamedSnapshotDeps) {
    const { monotonicMs, nowMs, path, key, logger, publicKey } = deps
    this.#deps = deps
    this.cell = new SnapshotCell(deps.upToDateAt)
    this.lease = deps.lease ?? new GrantedLease(monotonicMs)
    this.#reader = new BlockReader(publicKey, this.cell)
    this.#turns = new Turns(logger)
    this.#store = new BlockStore({
      path,
      key,
      nowMs,
      onKept: (position) => this.#onKept(position),
      onFault: (err) => logger.error({ err }, 'the file of the snapshot cannot be written'),
    })
    this.#upkeep = new FileUpkeep(this.#store, monotonicMs)
  }

  /** Starts from the file, if there is a usable one, or with nothing. */
  static async open(deps: StreamedSnapshotDeps): Promise<StreamedSnapshot> {
    const opened = new StreamedSnapshot(deps)
    try {
      await opened.#restore()
      return opened
    } catch (err) {
      deps.logger.error({ err, file: deps.path }, 'the file of the snapshot is put aside')
      await opened[Symbol.asyncDispose]()
      // A later start must not use it either: by then, more has been reported.
      await opened.#store.setAside()
      return new StreamedSnapshot(deps)
    }
  }

  /** Resolves when all blocks that have arrived so far are in force. */
  get idle(): Promise<void> {
    return this.#turns.idle
  }

  get position(): Position {
    return this.#reader.position
  }

  /** Resolves when the first snapshot is in force. */
  get loaded(): Promise<void> {
    return this.#loaded.promise
  }

  /** Of the file that keeps it; 0 without one. */
  get fileBytes(): number {
    return this.#store.bytes
  }

  /** Calls the listener when changes that a stream has brought are in force. There is one listener. */
  onChanges(listener: (changes: AppliedChanges) => void): void {
    this.#listener = listener
  }

  /** Follows a stream until it ends. Streams follow each other: the one before must have ended. */
  async follow(stream: SnapshotStream): Promise<void> {
    // Blocks of the stream before are gone from the queue then.
    await this.#turns.idle
    this.#reader.reset()
    this.#stream = stream
    this.#report(stream)
    let refusal: string | undefined
    while (!stream.ended.aborted) {
      const askedAtMs = this.#deps.monotonicMs()
      this.#passed.clear()
      this.#passed.add(this.position.hash)
      try {
        const granted = await stream.remote.ask(this.position)
        refusal = undefined
        await this.#turns.take(stream, () => this.#take(granted, askedAtMs, stream))
      } catch (err) {
        // Once for each reason, and not for each question.
        const reason = String(err)
        if (!stream.ended.aborted && reason !== refusal)
          this.#deps.logger.warn({ err }, 'the control node has given no grant')
        refusal = reason
      }
      await pause(ASK_MS, undefined, { signal: stream.ended, ref: false }).catch(() => undefined)
    }
    this.#stream = undefined
  }

  /** Takes a block of the present stream. */
  receive(block: Uint8Array, purpose: BlockPurpose): void {
    const stream = this.#stream
    if (stream === undefined) return
    void this.#turns.take(stream, async () => {
      if (purpose === 'keep') {
        this.#store.append(block, this.#reader.check(block).head, true)
        return
      }
      const begunAtMs = this.#deps.monotonicMs()
      const head = await this.#reader.read(block)
      if (head.kind === 'snapshot') this.#ownTurn += 1
      const { committedAtMs } = this.#reader
      if (committedAtMs !== undefined)
        this.#listener({ committedAtMs, durationMs: this.#deps.monotonicMs() - begunAtMs })
      this.#store.append(block, head, false)
      if (!isSamePosition(this.position, head.to)) return
      this.#passed.add(this.position.hash)
      this.#loaded.resolve()
      if (head.kind === 'snapshot') this.#keepOwn()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turns.idle
    this.#ownTurn += 1
    await this.#ownWriting
    await this.#store[Symbol.asyncDispose]()
  }

  async #restore(): Promise<void> {
    const { monotonicMs, nowMs, logger } = this.#deps
    const atMs = await this.#store.restore(async (block) => await this.#reader.readKept(block))
    if (atMs === undefined) return
    this.cell.isLoaded = true
    this.cell.upToDateAtMs = monotonicMs() - Math.max(0, nowMs() - atMs)
    this.#kept = this.position
    this.#loaded.resolve()
    // A file of an earlier release, or from before there were so many keys, has records.
    if (!this.#store.isOwn) this.#keepOwn()
    logger.info(
      { revision: this.position.revision, upToDateAt: new Date(atMs).toISOString() },
      'started from the snapshot of the last run',
    )
  }

  #take(granted: Grant, askedAtMs: number, stream: SnapshotStream): void {
    if (!this.#passed.has(granted.hash)) {
      stream.fail(`A grant is for revision ${granted.revision}, which this gateway has not reached.`)
      return
    }
    const { cell } = this
    cell.upToDateAtMs = askedAtMs
    this.lease.extend(askedAtMs, stream.leaseMs)
    // An empty database has no snapshot.
    cell.isLoaded = true
    this.#loaded.resolve()
    this.#upkeep.look(
      () => this.#report(stream),
      () => {
        if (!this.#keepOwn()) void stream.remote.sendSnapshot().catch(() => undefined)
      },
    )
  }

  /**
   * Replaces the file by one with the tables as they are, if there are many keys: a start from it takes a tenth of the time.
   *
   * @returns whether there are
   */
  #keepOwn(): boolean {
    const snapshot = this.cell.current
    if (snapshot.keys.size < OWN_KEYS_MIN) return false
    this.#ownTurn += 1
    const parts = new OwnPartWriter(this.#reader.fleet, this.position)
    // At once, so that the file gets all later changes after it.
    this.#appendOwn(parts.next([], false))
    this.#ownWriting = this.#writeOwn(snapshot, parts, this.#ownTurn, this.#ownWriting).catch(
      (err: unknown) => this.#deps.logger.error({ err }, 'the snapshot cannot be written into its file'),
    )
    return true
  }

  async #writeOwn(
    snapshot: Snapshot,
    parts: OwnPartWriter,
    turn: number,
    before: Promise<void>,
  ): Promise<void> {
    await before
    for await (const bytes of inParts(snapshot.toBytes(setImmediate))) {
      // Parts of two snapshots do not mix in the file.
      if (this.#ownTurn !== turn) return
      this.#appendOwn(parts.next(bytes, false))
      await this.#store.written
    }
    if (this.#ownTurn === turn) this.#appendOwn(parts.next([], true))
  }

  #appendOwn({ head, block }: { readonly head: SnapshotHead; readonly block: Buffer }): void {
    this.#store.append(block, head, true)
  }

  #onKept(position: Position): void {
    this.#kept = position
    if (this.#stream !== undefined) this.#report(this.#stream)
  }

  /** Says what would be left after the end of the process. */
  #report({ report }: SnapshotStream): void {
    if (this.#kept !== undefined) report(this.#kept, this.#deps.facts())
  }
}
