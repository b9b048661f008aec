import { Problem } from '@sallyport/core'
import type { Logger } from 'pino'
import type { EnrolledGateway } from '../../store/port/fleet/enrolments.ts'
import type { GatewayAttachments, GatewayFacts } from '../../store/port/fleet/attachments.ts'
import { isSamePosition, type Position } from '../../sync/cell-writer.ts'
import type { Grant } from '../stream/stream-functions.ts'
import { mustRead, UpgradeNeeded } from '../stream/upgrade-needed.ts'
import type { BlockPurpose } from '../stream/stream.ts'
import type { AttachedGateways, Attachment } from './attached-gateways.ts'
import type { ChangesBlock } from './block-writer.ts'
import type { Reading } from './node-feed.ts'

/** How often a question is tried at most: a gateway is attached by the first try and gets its grant by the next. */
const TRIES_MAX = 5

/** Where a session gets changes from; see `NodeFeed`. */
export interface SessionFeed {
  readonly head: Position | undefined
  onChange(listener: () => void): () => void
  read(): Promise<Reading>
  blockAfter(position: Position): Promise<ChangesBlock | null | undefined>
}

/** Where it gets everything from; see `SnapshotSpool`. */
export interface SessionSpool {
  /** @param reads the highest version of the records that the gateway reads @throws UpgradeNeeded */
  read(send: (block: Uint8Array) => Promise<void>, reads: number): Promise<Position>
  forget(): Promise<void>
  /** Hands a snapshot over that a gateway keeps on its disk only. */
  keep(send: (block: Uint8Array) => Promise<void>, reads: number): Promise<void>
}

export interface GatewaySessionDeps {
  readonly feed: SessionFeed
  readonly spool: SessionSpool
  readonly attached: AttachedGateways
  readonly attachments: Pick<GatewayAttachments, 'attach'>
  readonly monotonicMs: () => number
  readonly nowMs: () => number
  readonly logger: Logger
}

type SendBlock = (block: Uint8Array, purpose?: BlockPurpose) => Promise<void>

/** What a control node does for one gateway while its stream lasts. See docs/decisions/0066-streams-to-gateways.md. */
export class GatewaySession {
  readonly #deps: GatewaySessionDeps
  readonly #gateway: EnrolledGateway
  /** The highest version of the records that the gateway reads. */
  readonly #reads: number
  readonly #sendBlock: SendBlock
  readonly #onUnattached: () => void
  readonly #endChanges: () => void
  /** What the gateway has got so far; undefined before its first question. */
  #sentTo: Position | undefined
  #attachment: (Attachment & { readonly node: string }) | undefined
  #reported: { readonly position: Position; readonly facts: GatewayFacts } | undefined
  /** Why the gateway gets no further, since it does not. */
  #upgrade: UpgradeNeeded | undefined
  #keeping: Promise<void> | undefined
  /** Blocks are sent one after the other. */
  #sending: Promise<void> = Promise.resolve()

  /** @param onUnattached called when the gateway cannot be attached: it may not be enrolled any more */
  constructor(
    gateway: EnrolledGateway,
    reads: number,
    sendBlock: SendBlock,
    onUnattached: () => void,
    deps: GatewaySessionDeps,
  ) {
    this.#gateway = gateway
    this.#reads = reads
    this.#onUnattached = onUnattached
    this.#sendBlock = sendBlock
    this.#deps = deps
    this.#endChanges = deps.feed.onChange(() => {
      // Not before it is attached: until then, receipts leave it out, since it has nothing to decide by. What cannot be sent now is sent with the next question.
      if (this.#attachment !== undefined) void this.#send().catch(() => undefined)
    })
  }

  /** See `NodeFunctions.ask`. */
  async ask(position: Position): Promise<Pick<Grant, 'node' | 'revision' | 'hash'>> {
    const { feed, attached, monotonicMs } = this.#deps
    this.#sentTo ??= position
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const { node, endsAtMs } = await feed.read()
      // It gets no grant, so it is not attached again, and comes to count as past its lease.
      if (this.#upgrade !== undefined) await this.#send()
      if (!(await this.#isAttachedTo(node))) continue
      await this.#send()
      const { head } = feed
      const attachment = this.#attachment
      if (attachment === undefined || head === undefined || this.#sentTo === undefined) continue
      // The gateway is on a history that the feed has left, or the reading has become too old meanwhile.
      if (!isSamePosition(this.#sentTo, head) || monotonicMs() >= endsAtMs) continue
      if (!attached.has(attachment)) continue
      attached.extend(attachment)
      return { ...this.#sentTo, node }
    }
    if (this.#attachment === undefined) this.#onUnattached()
    throw new Problem('unavailable')
  }

  /** See `NodeFunctions.report`. */
  report(position: Position, facts: GatewayFacts): void {
    this.#reported = { position, facts }
    this.#saveReport()
  }

  /** See `NodeFunctions.sendSnapshot`. @throws Problem `unavailable` before the gateway is attached */
  async sendSnapshot(): Promise<void> {
    if (this.#attachment === undefined) throw new Problem('unavailable')
    // One at a time, however often the gateway asks: each holds a part of the snapshot in memory.
    this.#keeping ??= this.#deps.spool
      .keep(async (block) => await this.#sendBlock(block, 'keep'), this.#reads)
      .finally(() => (this.#keeping = undefined))
    await this.#keeping
  }

  /** See `NodeFunctions.end`. */
  async end(): Promise<void> {
    const attachment = this.#attachment
    this.close()
    if (attachment !== undefined) await this.#deps.attached.end(attachment)
  }

  /** The stream has ended. What the gateway was granted lasts. */
  close(): void {
    this.#endChanges()
    this.#attachment = undefined
  }

  /** @returns false if the gateway was not attached to the node before; then the feed must be read again */
  async #isAttachedTo(node: string): Promise<boolean> {
    const { attached, attachments, nowMs } = this.#deps
    const known = this.#attachment
    if (known?.node === node && attached.has(known)) return true
    const gateway = this.#gateway.id
    const number = await attachments.attach(gateway, node, nowMs())
    // The node was removed after it had read the feed, or the gateway is not enrolled any more.
    if (number === undefined) {
      this.#attachment = undefined
      return false
    }
    this.#attachment = { gateway, number, node }
    attached.extend(this.#attachment)
    this.#saveReport()
    return false
  }

  #saveReport(): void {
    if (this.#attachment === undefined || this.#reported === undefined) return
    const { position, facts } = this.#reported
    const needsRecords = this.#upgrade?.needs ?? null
    this.#deps.attached.report(this.#attachment, position, { ...facts, needsRecords })
  }

  async #send(): Promise<void> {
    const sent = this.#sending.catch(() => undefined).then(() => this.#sendNow())
    this.#sending = sent
    try {
      await sent
      this.#setUpgrade(undefined)
    } catch (error) {
      if (error instanceof UpgradeNeeded) this.#setUpgrade(error)
      throw error
    }
  }

  #setUpgrade(needed: UpgradeNeeded | undefined): void {
    if (this.#upgrade?.needs === needed?.needs) return
    this.#upgrade = needed
    const { id, name } = this.#gateway
    if (needed !== undefined)
      this.#deps.logger.error(
        { gateway: id, name, reason: needed.detail },
        'a gateway must be upgraded; until then, it gets no changes and no grants',
      )
    this.#saveReport()
  }

  /** Sends what leads from what was sent to the newest position that the node knows. */
  async #sendNow(): Promise<void> {
    const { feed, spool } = this.#deps
    let hasSnapshot = false
    for (;;) {
      const from = this.#sentTo
      const { head } = feed
      if (from === undefined || head === undefined || isSamePosition(from, head)) return
      const block = await feed.blockAfter(from)
      // The gateway has been brought further by another node than this one has read.
      if (block === null) return
      if (block === undefined) {
        // Not even the snapshot leads there: the database has lost changes, or has deleted those that follow it.
        if (hasSnapshot) await spool.forget()
        this.#sentTo = await spool.read(async (part) => await this.#sendBlock(part), this.#reads)
        hasSnapshot = true
      } else {
        mustRead(block.to.revision, block.needs, this.#reads)
        await this.#sendBlock(block.bytes)
        this.#sentTo = block.to
      }
    }
  }
}
