import type { FeedSource } from '../../store/port/feed.ts'
import { FIRST_POSITION, isSamePosition, type Position } from '../../sync/cell-writer.ts'
import { SharedRuns } from '../../sync/shared-runs.ts'
import type { BlockWriter, ChangesBlock } from './block-writer.ts'
import type { NodeLease } from './node-lease.ts'
import { RecentBlocks } from './recent-blocks.ts'

/** How far apart readings for questions are at least, in ms. */
const READ_MS = 100
/** Changes that are read at once. */
const CHANGES_PER_BATCH_MAX = 100

/** What a node knows after it has read the feed and renewed its lease. */
export interface Reading {
  /** Everything that was committed before the reading began is in it. */
  readonly head: Position
  /** See `NodeLease.id`. */
  readonly node: string
  /** Until when grants may rely on the reading, by the monotonic clock. */
  readonly endsAtMs: number
}

export interface NodeFeedDeps {
  readonly feed: FeedSource
  readonly lease: NodeLease
  readonly writer: BlockWriter
  readonly monotonicMs: () => number
}

/** The feed as a control node knows it: its newest position, and the blocks that lead there. */
export class NodeFeed {
  readonly #deps: NodeFeedDeps
  readonly #recent = new RecentBlocks()
  readonly #listeners = new Set<() => void>()
  readonly #catchingUp = new SharedRuns(() => this.#catchUpNow())
  readonly #readings = new SharedRuns(
    () => this.#readNow(),
    () => this.#rest(),
  )
  #head: Position | undefined
  #begunAtMs = -Infinity
  /** Whether the next reading begins without a rest. */
  #isUrgent = false
  #endPause: () => void = () => undefined

  constructor(deps: NodeFeedDeps) {
    this.#deps = deps
  }

  /** The newest position that is known; undefined before the first reading. */
  get head(): Position | undefined {
    return this.#head
  }

  /** Calls the listener after each reading that has found changes. @returns a function that ends that */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Reads the changes alone, at once: gateways get them without waiting for a renewal. No grant may rely on it.
   *
   * @throws errors of the database
   */
  async catchUp(): Promise<Position> {
    return await this.#catchingUp.run()
  }

  /**
   * Reads the feed and renews the lease. The reading begins after the call.
   *
   * @param isUrgent whether it begins at once
   * @throws errors of the database
   */
  async read(isUrgent = false): Promise<Reading> {
    if (isUrgent) {
      this.#isUrgent = true
      this.#endPause()
    }
    return await this.#readings.run()
  }

  /**
   * The changes that follow a position.
   *
   * @returns undefined if the position must be reached by a snapshot; null if nothing follows it yet
   */
  async blockAfter(position: Position): Promise<ChangesBlock | null | undefined> {
    const recent = this.#recent.after(position)
    if (recent !== undefined) return recent
    // There is too much for a database of any size.
    if (isSamePosition(position, FIRST_POSITION)) return undefined
    const { feed, writer } = this.#deps
    const changes = await feed.changesAfter(position.revision, CHANGES_PER_BATCH_MAX, position.hash)
    if (typeof changes === 'string') return undefined
    const [block] = writer.changes(position, changes)
    return block ?? null
  }

  async #rest(): Promise<void> {
    const restMs = this.#begunAtMs + READ_MS - this.#deps.monotonicMs()
    if (this.#isUrgent || restMs <= 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, restMs)
      this.#endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#endPause = () => undefined
  }

  async #readNow(): Promise<Reading> {
    const { lease, monotonicMs } = this.#deps
    this.#isUrgent = false
    this.#begunAtMs = monotonicMs()
    for (;;) {
      const begunAtMs = monotonicMs()
      const head = await this.catchUp()
      if (await lease.renew(begunAtMs)) return { head, node: lease.id, endsAtMs: lease.endsAtMs }
    }
  }

  async #catchUpNow(): Promise<Position> {
    const { feed, writer } = this.#deps
    const before = this.#head
    let head = before ?? (await this.#positionOfFeed())
    for (;;) {
      const changes = await feed.changesAfter(head.revision, CHANGES_PER_BATCH_MAX, head.hash)
      if (typeof changes === 'string') {
        this.#recent.clear()
        head = await this.#positionOfFeed()
        continue
      }
      for (const block of writer.changes(head, changes)) {
        this.#recent.add(block)
        head = block.to
      }
      if (changes.length < CHANGES_PER_BATCH_MAX) break
    }
    this.#head = head
    if (before === undefined || !isSamePosition(before, head))
      for (const listener of this.#listeners) listener()
    return head
  }

  async #positionOfFeed(): Promise<Position> {
    return await this.#deps.feed.readSnapshot(
      async ({ revision, hash }) => await Promise.resolve({ revision, hash }),
    )
  }
}
