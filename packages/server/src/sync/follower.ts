import { Snapshot, type Change, type FeedRecord } from '@sallyport/core'
import type { SnapshotCell } from './snapshot-cell.ts'

/** The part of the store that a follower reads; plain data, so that it can as well be at the end of a wire. */
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
  /** Told once when the feed stops answering, with why, and once when it answers again. */
  readonly onFault: (cause: unknown) => void
  readonly onRecovered: () => void
}

/** A wake-up is only a hint: a lost one costs at most this. */
const POLL_MS = 1000
/** How many changes are taken at once; the rest come in the next round. */
const CHANGES_PER_ROUND_MAX = 1000

/** Keeps a cell at the feed's newest revision until it is disposed. */
export class Follower implements AsyncDisposable {
  readonly #deps: FollowerDeps
  readonly #waiting = new Set<() => void>()
  #wake: () => void = () => undefined
  #isWoken = false
  #isClosed = false
  #isFaulty = false
  #pump: Promise<void> = Promise.resolve()
  #unsubscribe: () => void = () => undefined

  private constructor(deps: FollowerDeps) {
    this.#deps = deps
  }

  /**
   * Loads the first snapshot, then follows.
   *
   * @throws whatever the feed throws when it cannot be read at the start
   */
  static async start(deps: FollowerDeps): Promise<Follower> {
    const follower = new Follower(deps)
    await follower.#load()
    follower.#unsubscribe = deps.feed.onChange(() => {
      follower.#rouse()
    })
    follower.#pump = follower.#run()
    return follower
  }

  /**
   * Waits until the cell holds a revision or a later one.
   *
   * @param waitMs at most this long
   * @returns whether it does
   */
  async reached(revision: number, waitMs: number): Promise<boolean> {
    const { cell } = this.#deps
    if (cell.current.revision >= revision) return true
    if (waitMs <= 0) return false
    this.#rouse()
    return await new Promise<boolean>((resolve) => {
      const settle = (): void => {
        const isThere = cell.current.revision >= revision
        if (!isThere && !expired && !this.#isClosed) return
        clearTimeout(timer)
        this.#waiting.delete(settle)
        resolve(isThere)
      }
      let expired = false
      const timer = setTimeout(() => {
        expired = true
        settle()
      }, waitMs)
      this.#waiting.add(settle)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#unsubscribe()
    this.#rouse()
    await this.#pump
    this.#tell()
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      this.#isWoken = false
      try {
        await this.#catchUp()
        if (this.#isFaulty) {
          this.#isFaulty = false
          this.#deps.onRecovered()
        }
      } catch (cause) {
        // The gateway goes on with what it has; how old that is shows in /readyz and in every receipt.
        if (!this.#isFaulty) this.#deps.onFault(cause)
        this.#isFaulty = true
      }
      await this.#pause()
    }
  }

  async #catchUp(): Promise<void> {
    const { feed, cell, nowMs } = this.#deps
    for (;;) {
      const askedAtMs = nowMs()
      const changes = await feed.changesAfter(cell.current.revision, CHANGES_PER_ROUND_MAX)
      if (changes === 'pruned') {
        await this.#load()
        continue
      }
      let snapshot = cell.current
      for (const change of changes) snapshot = snapshot.apply(change)
      cell.current = snapshot
      if (changes.length > 0) this.#tell()
      if (changes.length < CHANGES_PER_ROUND_MAX) {
        cell.freshAtMs = askedAtMs
        return
      }
    }
  }

  async #load(): Promise<void> {
    const { feed, cell, nowMs } = this.#deps
    const askedAtMs = nowMs()
    cell.current = await feed.readSnapshot(
      async ({ revision, records }) => await Snapshot.load(revision, records),
    )
    cell.isLoaded = true
    cell.freshAtMs = askedAtMs
    this.#tell()
  }

  #tell(): void {
    for (const settle of this.#waiting) settle()
  }

  #rouse(): void {
    this.#isWoken = true
    this.#wake()
  }

  async #pause(): Promise<void> {
    if (this.#isWoken || this.#isClosed) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = () => undefined
  }
}
