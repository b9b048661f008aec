import { setTimeout as pause } from 'node:timers/promises'
import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import { Problem } from '@sallyport/core'
import { fleetName, fleetPublicKey } from '../../crypto/derived/fleet-keys.ts'
import type { GatewayFacts } from '../../store/port/fleet/attachments.ts'
import { FIRST_POSITION, isSamePosition, type Position } from '../../sync/cell-writer.ts'
import { SharedRuns } from '../../sync/shared-runs.ts'
import { BlockError, decodeHead, headOfChecked, neededBy, type BlockHead } from '../blocks/block.ts'
import { BlockStore } from '../disk/block-store.ts'
import { FileUpkeep } from '../disk/file-upkeep.ts'
import type { SnapshotStream } from '../gateway/streamed-snapshot.ts'
import { Turns } from '../gateway/turns.ts'
import type { ChangesBlock } from '../node/block-writer.ts'
import type { SessionFeed } from '../node/gateway-session.ts'
import type { Reading } from '../node/node-feed.ts'
import { RecentBlocks } from '../node/recent-blocks.ts'
import type { BlockPurpose } from '../stream/stream.ts'
import { mustRead } from '../stream/upgrade-needed.ts'

/** How far apart questions are at least, in ms. */
const ASK_MS = 100
/** How often a relay without gateways asks, so that it stays up to date, in ms. */
const IDLE_ASK_MS = 1_000

export interface RelayFeedDeps {
  /** Of the fleet; see `FleetKeys`. */
  readonly publicKey: string
  /** The file with what the relay hands over to new gateways. */
  readonly path: string
  /** Of 32 bytes; seals the file. */
  readonly key: Uint8Array
  readonly monotonicMs: () => number
  readonly nowMs: () => number
  readonly logger: Logger
  /** What the relay says about itself. */
  readonly facts: () => GatewayFacts
  /** Gateways that the control node does not count as attached any more. */
  readonly onLost: (gateways: readonly string[]) => void
}

/** Ends the reading of the file: changes in memory lead on. */
class RestInMemory extends Error {}

type Send = (block: Uint8Array) => Promise<void>

/** What a relay has got over its stream, for its gateways: signed blocks, which it checks and does not read. */
export class RelayFeed implements SessionFeed, AsyncDisposable {
  readonly #deps: RelayFeedDeps
  readonly #fleet: string
  readonly #publicKey: KeyObject
  readonly #recent = new RecentBlocks()
  readonly #listeners = new Set<() => void>()
  readonly #questions = new SharedRuns(
    () => this.#ask(),
    () => this.#rest(),
  )
  readonly #turns: Turns
  readonly #store: BlockStore
  readonly #upkeep: FileUpkeep
  /** Gateways that get the snapshot for the disk of the relay, with the version of the records that each reads. */
  readonly #keepers = new Map<Send, number>()
  /** The version of the records that its file is written in. */
  #needs = 1
  /** The positions since the last question, as hashes. */
  readonly #passed = new Set<string>()
  #head: Position = FIRST_POSITION
  /** How many parts of a snapshot have arrived; undefined outside of one. */
  #parts: number | undefined
  #isLoaded = false
  #stream: SnapshotStream | undefined
  /** Counts the streams: what gateways were attached to over another one counts no more. */
  #streams = 0
  #begunAtMs = -Infinity

  private constructor(deps: RelayFeedDeps) {
    const { publicKey, path, key, nowMs, logger, monotonicMs } = deps
    this.#deps = deps
    this.#fleet = fleetName(publicKey)
    this.#publicKey = fleetPublicKey(publicKey)
    this.#turns = new Turns(logger)
    this.#store = new BlockStore({
      path,
      key,
      nowMs,
      onKept: () => undefined,
      onFault: (err) => logger.error({ err }, 'the file of the snapshot cannot be written'),
    })
    this.#upkeep = new FileUpkeep(this.#store, monotonicMs)
  }

  /** Starts from the file, if there is a usable one, or with nothing. */
  static async open(deps: RelayFeedDeps): Promise<RelayFeed> {
    const opened = new RelayFeed(deps)
    try {
      await opened.#store.restore(async (block) => await Promise.resolve(opened.#accept(block)))
      return opened
    } catch (err) {
      deps.logger.error({ err, file: deps.path }, 'the file of the snapshot is put aside')
      await opened[Symbol.asyncDispose]()
      // A later start must not use it either: by then, more has been reported.
      await opened.#store.setAside()
      return new RelayFeed(deps)
    }
  }

  get head(): Position | undefined {
    return this.#isLoaded ? this.#head : undefined
  }

  /** Of the file that keeps it; 0 without one. */
  get fileBytes(): number {
    return this.#store.bytes
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Asks the control node. The question is sent after the call. */
  async read(): Promise<Reading> {
    return await this.#questions.run()
  }

  async blockAfter(position: Position): Promise<ChangesBlock | null | undefined> {
    return await Promise.resolve(this.#recent.after(position))
  }

  /**
   * Hands over what is in the file: a snapshot, and those changes that are not in memory.
   *
   * @param reads the version of the records that the gateway reads
   * @returns the position that this leads to; changes in memory may follow it
   * @throws UpgradeNeeded, errors of the disk
   */
  async readAll(send: Send, reads: number): Promise<Position> {
    mustRead(this.#head.revision, this.#needs, reads)
    let reached = FIRST_POSITION
    try {
      await this.#store.each(async (block) => {
        await send(block)
        // The file is sealed, and has only blocks that were checked.
        const head = headOfChecked(block)
        if (head.kind === 'snapshot' && !head.isLast) return
        reached = head.to
        if (this.#recent.after(reached) !== undefined) throw new RestInMemory()
      })
    } catch (error) {
      if (!(error instanceof RestInMemory)) throw error
    }
    return reached
  }

  /** What the control node sends for the file of the relay is for those of its gateways, too. */
  async keep(send: Send, reads: number): Promise<void> {
    const stream = this.#present
    this.#keepers.set(send, reads)
    try {
      await stream.remote.sendSnapshot()
      await this.#turns.idle
    } finally {
      this.#keepers.delete(send)
    }
  }

  /** Follows a stream until it ends. Streams follow each other: the one before must have ended. */
  async follow(stream: SnapshotStream): Promise<void> {
    await this.#turns.idle
    this.#stream = stream
    this.#streams += 1
    this.#parts = undefined
    while (!stream.ended.aborted) {
      try {
        await this.read()
      } catch (err) {
        if (!stream.ended.aborted) this.#deps.logger.warn({ err }, 'the control node has given no grant')
      }
      await pause(IDLE_ASK_MS, undefined, { signal: stream.ended, ref: false }).catch(() => undefined)
    }
    this.#stream = undefined
  }

  /** Takes a block of the present stream. */
  receive(block: Uint8Array, purpose: BlockPurpose): void {
    const stream = this.#stream
    if (stream === undefined) return
    void this.#turns.take(stream, async () => {
      if (purpose === 'keep') {
        const head = this.#headOf(block)
        this.#store.append(block, head, true)
        for (const [send, reads] of this.#keepers) if (neededBy(head) <= reads) await send(block)
        return
      }
      const head = this.#accept(block)
      this.#store.append(block, head, false)
      if (isSamePosition(this.#head, head.to)) for (const listener of this.#listeners) listener()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turns.idle
    await this.#store[Symbol.asyncDispose]()
  }

  get #present(): SnapshotStream {
    if (this.#stream === undefined) {
      throw new Problem('unavailable', { detail: 'The relay has no connection to a control node.' })
    }
    return this.#stream
  }

  async #rest(): Promise<void> {
    const restMs = this.#begunAtMs + ASK_MS - this.#deps.monotonicMs()
    if (restMs > 0) await pause(restMs)
  }

  async #ask(): Promise<Reading> {
    const { monotonicMs, onLost } = this.#deps
    const askedAtMs = monotonicMs()
    this.#begunAtMs = askedAtMs
    const stream = this.#present
    this.#passed.clear()
    this.#passed.add(this.#head.hash)
    const grant = await stream.remote.ask(this.#head)
    // The blocks that lead to its position have arrived before.
    await this.#turns.idle
    if (!this.#passed.has(grant.hash)) {
      stream.fail(`A grant is for revision ${grant.revision}, which this relay has not reached.`)
      throw new Problem('unavailable')
    }
    this.#isLoaded = true
    onLost(grant.lost)
    this.#upkeep.look(
      () => stream.report(this.#head, this.#deps.facts()),
      () => void stream.remote.sendSnapshot().catch(() => undefined),
    )
    const endsAtMs = askedAtMs + stream.leaseMs
    return { head: this.#head, node: `${grant.node}/${this.#streams}`, endsAtMs }
  }

  #headOf(block: Uint8Array): BlockHead {
    return decodeHead(block, this.#fleet, this.#publicKey)
  }

  /** @throws BlockError if a block is not one of the fleet, or does not follow */
  #accept(bytes: Uint8Array): BlockHead {
    const head = this.#headOf(bytes)
    if (head.kind === 'changes') {
      const { from, to } = head
      if (this.#parts !== undefined || !isSamePosition(from, this.#head))
        throw new BlockError(
          `The changes follow revision ${from.revision}, and the relay is at ${this.#head.revision}.`,
        )
      const needs = neededBy(head)
      this.#needs = Math.max(this.#needs, needs)
      this.#recent.add({ from, to, bytes, needs })
      this.#reach(to)
      return head
    }
    const parts = head.part === 0 ? 0 : this.#parts
    if (parts !== head.part)
      throw new BlockError(`Part ${head.part} of a snapshot does not follow the part before.`)
    this.#parts = parts + 1
    this.#needs = Math.max(head.part === 0 ? 1 : this.#needs, neededBy(head))
    if (!head.isLast) return head
    this.#parts = undefined
    this.#recent.clear()
    this.#reach(head.to)
    return head
  }

  #reach(position: Position): void {
    this.#head = position
    this.#isLoaded = true
    this.#passed.add(position.hash)
  }
}
