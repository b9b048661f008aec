import type { Change, FeedRecord, LoadOptions, Snapshot } from '@sallyport/core'
import { CellWriter, loadOptions, type Position } from './cell-writer.ts'
import { knownChanges, type KnownChanges } from './known-changes.ts'
import type { SnapshotCell } from './snapshot-cell.ts'

/** The part of the store that a follower reads. All values are plain data, so a feed can be remote. */
export interface Feed {
  readSnapshot<T>(
    use: (snapshot: Position & { readonly records: AsyncIterable<readonly FeedRecord[]> }) => Promise<T>,
  ): Promise<T>
  /** The same snapshot in memory, if the feed can load it by itself. */
  loadSnapshot?(
    options: Required<LoadOptions>,
  ): Promise<{ readonly snapshot: Snapshot; readonly hash: string }>
  /** Returns `pruned` or `forked` when a follower at this position must load a new snapshot. */
  changesAfter(
    revision: number,
    limit: number,
    hash: string,
  ): Promise<readonly (Change & Position)[] | 'pruned' | 'forked'>
  onChange(wake: () => void): () => void
}

export interface FollowerDeps {
  readonly feed: Feed
  readonly cell: SnapshotCell
  readonly monotonicMs: () => number
  /** Whether processes of other releases can write what the feed has; not so unless given. See `knownChanges`. */
  readonly isShared?: boolean
  /**
   * Called each time the cell was brought up to date.
   *
   * @param atMs by the monotonic clock: the cell has everything that was committed before
   * @returns whether to ask the feed again at once
   */
  readonly onCurrent?: (position: Position, atMs: number) => Promise<boolean>
  /** Called once when the feed fails, with the cause, and once when it works again. */
  readonly onFault: (cause: unknown) => void
  readonly onRecovered: () => void
  /** Called when the feed no longer contains the follower's position. The follower then loads a new snapshot. */
  readonly onForked: (position: Position) => void
}

/** How often the feed is polled. Bounds the delay of a lost notification. */
const POLL_MS = 1000
/** The most changes read at once; the rest follow in the next batch. That of an import can have half a megabyte. */
const CHANGES_PER_BATCH_MAX = 100

/** A pending wait for a revision. */
interface Wait {
  readonly revision: number
  /** The number of requests to poll when the wait began: a later answer of the feed ends it. */
  readonly request: number
  readonly resolve: (isApplied: boolean) => void
}

/** Keeps a cell at the feed's newest revision until disposal. */
export class Follower implements AsyncDisposable {
  readonly #deps: FollowerDeps
  readonly #waits = new Set<Wait>()
  readonly #writer: CellWriter
  /** Counts the requests to poll. Each commit of this process makes one. */
  #requests = 0
  /** How many of them the feed has answered since. */
  #answeredRequests = 0
  #endPause: () => void = () => undefined
  #isClosed = false
  #isFaulty = false
  #loop: Promise<void> = Promise.resolve()
  #unsubscribe: () => void = () => undefined

  private constructor(deps: FollowerDeps) {
    this.#deps = deps
    this.#writer = new CellWriter(deps.cell)
  }

  /**
   * Loads the first snapshot and brings it up to date, then follows the changes.
   *
   * @throws the feed's error if the first snapshot cannot be read
   */
  static async start(deps: FollowerDeps): Promise<Follower> {
    const follower = new Follower(deps)
    await follower.#load()
    await follower.#catchUp()
    follower.#unsubscribe = deps.feed.onChange(() => {
      follower.poll()
    })
    // A change between the first answer and the subscription waits for this poll.
    follower.poll()
    follower.#loop = follower.#run()
    return follower
  }

  /** Asks the feed for changes now. */
  poll(): void {
    this.#requests += 1
    this.#endPause()
  }

  /** The position of the cell's snapshot. */
  get position(): Position {
    return this.#writer.position
  }

  /**
   * Waits until the cell has at least the given revision of the feed's present history. If the feed lost commits, a
   * follower may have another change under that revision. So the feed must have answered since the last request to
   * poll, and the commit of the revision was one.
   *
   * @param waitMs the maximum wait
   * @returns whether the cell has the revision
   */
  async waitForRevision(revision: number, waitMs: number): Promise<boolean> {
    if (this.#hasApplied(revision, this.#requests)) return true
    if (this.#isClosed || waitMs <= 0) return false
    return await new Promise<boolean>((resolve) => {
      const wait: Wait = {
        revision,
        request: this.#requests,
        resolve: (isApplied) => {
          clearTimeout(timer)
          this.#waits.delete(wait)
          resolve(isApplied)
        },
      }
      const timer = setTimeout(() => wait.resolve(false), waitMs)
      this.#waits.add(wait)
      this.poll()
    })
  }

  #hasApplied(revision: number, request: number): boolean {
    return this.#answeredRequests >= request && this.position.revision >= revision
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#unsubscribe()
    this.poll()
    await this.#loop
    for (const wait of this.#waits) wait.resolve(false)
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#catchUp()
        if (this.#isFaulty) {
          this.#isFaulty = false
          this.#deps.onRecovered()
        }
      } catch (cause) {
        // The gateway keeps serving its snapshot; /readyz and every receipt show the snapshot's age.
        if (!this.#isFaulty) this.#deps.onFault(cause)
        this.#isFaulty = true
      }
      await this.#pause()
    }
  }

  async #catchUp(): Promise<void> {
    const { feed, monotonicMs } = this.#deps
    for (;;) {
      const request = this.#requests
      const requestedAtMs = monotonicMs()
      const { revision, hash } = this.position
      const changes = await feed.changesAfter(revision, CHANGES_PER_BATCH_MAX, hash)
      if (typeof changes === 'string') {
        if (changes === 'forked') this.#deps.onForked(this.position)
        await this.#load()
        continue
      }
      const { known, unknown } = this.#known(changes)
      await this.#writer.apply(known)
      if (unknown !== undefined) throw unknown
      this.#answeredRequests = request
      this.#settleWaits()
      if (changes.length === CHANGES_PER_BATCH_MAX) continue
      this.#deps.cell.upToDateAtMs = requestedAtMs
      if ((await this.#deps.onCurrent?.(this.position, requestedAtMs)) !== true) return
    }
  }

  #known(changes: readonly (Change & Position)[]): KnownChanges<Change & Position> {
    return this.#deps.isShared === true ? knownChanges(changes) : { known: changes }
  }

  async #load(): Promise<void> {
    const { cell, feed, monotonicMs } = this.#deps
    const requestedAtMs = monotonicMs()
    if (feed.loadSnapshot === undefined) {
      await feed.readSnapshot(async ({ records, ...position }) => {
        await this.#writer.load(position, records)
      })
    } else {
      const { snapshot, hash } = await feed.loadSnapshot(loadOptions())
      await this.#writer.put(snapshot, hash)
    }
    cell.upToDateAtMs = requestedAtMs
  }

  #settleWaits(): void {
    for (const wait of this.#waits) {
      if (this.#hasApplied(wait.revision, wait.request)) wait.resolve(true)
    }
  }

  async #pause(): Promise<void> {
    // After a fault the requests wait for the next poll, so that an unavailable feed is not asked in a loop.
    if ((this.#requests > this.#answeredRequests && !this.#isFaulty) || this.#isClosed) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS)
      this.#endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#endPause = () => undefined
  }
}
