import { Snapshot, type Change, type FeedRecord } from '@sallyport/core'
import type { SnapshotCell } from './snapshot-cell.ts'

/** The part of the store that a follower reads. All values are plain data, so a feed can be remote. */
export interface Feed {
  readSnapshot<T>(
    use: (snapshot: {
      readonly revision: number
      readonly records: AsyncIterable<readonly FeedRecord[]>
    }) => Promise<T>,
  ): Promise<T>
  changesAfter(revision: number, limit: number): Promise<readonly Change[] | 'pruned'>
  onChange(wake: () => void): () => void
}

export interface FollowerDeps {
  readonly feed: Feed
  readonly cell: SnapshotCell
  readonly nowMs: () => number
  /** Called once when the feed fails, with the cause, and once when it works again. */
  readonly onFault: (cause: unknown) => void
  readonly onRecovered: () => void
}

/** How often the feed is polled. Bounds the delay of a lost notification. */
const POLL_MS = 1000
/** The most changes read at once; the rest follow in the next batch. */
const CHANGES_PER_BATCH_MAX = 1000

/** Keeps a cell at the feed's newest revision until disposal. */
export class Follower implements AsyncDisposable {
  readonly #deps: FollowerDeps
  /** One callback for each pending wait; it settles the wait if possible. */
  readonly #waits = new Set<() => void>()
  #endPause: () => void = () => undefined
  #isPollRequested = false
  #isClosed = false
  #isFaulty = false
  #loop: Promise<void> = Promise.resolve()
  #unsubscribe: () => void = () => undefined

  private constructor(deps: FollowerDeps) {
    this.#deps = deps
  }

  /**
   * Loads the first snapshot, then follows the changes.
   *
   * @throws the feed's error if the first snapshot cannot be read
   */
  static async start(deps: FollowerDeps): Promise<Follower> {
    const follower = new Follower(deps)
    await follower.#load()
    follower.#unsubscribe = deps.feed.onChange(() => {
      follower.#requestPoll()
    })
    follower.#loop = follower.#run()
    return follower
  }

  /**
   * Waits until the cell has at least the given revision.
   *
   * @param waitMs the maximum wait
   * @returns whether the cell has the revision
   */
  async waitForRevision(revision: number, waitMs: number): Promise<boolean> {
    const { cell } = this.#deps
    if (cell.current.revision >= revision) return true
    if (waitMs <= 0) return false
    this.#requestPoll()
    return await new Promise<boolean>((resolve) => {
      const settle = (): void => {
        const isApplied = cell.current.revision >= revision
        if (!isApplied && !isExpired && !this.#isClosed) return
        clearTimeout(timer)
        this.#waits.delete(settle)
        resolve(isApplied)
      }
      let isExpired = false
      const timer = setTimeout(() => {
        isExpired = true
        settle()
      }, waitMs)
      this.#waits.add(settle)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#unsubscribe()
    this.#requestPoll()
    await this.#loop
    this.#settleWaits()
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      this.#isPollRequested = false
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
    const { feed, cell, nowMs } = this.#deps
    for (;;) {
      const requestedAtMs = nowMs()
      const changes = await feed.changesAfter(cell.current.revision, CHANGES_PER_BATCH_MAX)
      if (changes === 'pruned') {
        await this.#load()
        continue
      }
      let snapshot = cell.current
      for (const change of changes) snapshot = snapshot.apply(change)
      if (changes.length > 0) {
        cell.replace(
          snapshot,
          changes.flatMap((change) => change.records),
        )
        this.#settleWaits()
      }
      if (changes.length < CHANGES_PER_BATCH_MAX) {
        cell.upToDateAtMs = requestedAtMs
        return
      }
    }
  }

  async #load(): Promise<void> {
    const { feed, cell, nowMs } = this.#deps
    const requestedAtMs = nowMs()
    const snapshot = await feed.readSnapshot(
      async ({ revision, records }) => await Snapshot.load(revision, records),
    )
    cell.replace(snapshot, 'all')
    cell.isLoaded = true
    cell.upToDateAtMs = requestedAtMs
    this.#settleWaits()
  }

  #settleWaits(): void {
    for (const settle of this.#waits) settle()
  }

  #requestPoll(): void {
    this.#isPollRequested = true
    this.#endPause()
  }

  async #pause(): Promise<void> {
    if (this.#isPollRequested || this.#isClosed) return
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
