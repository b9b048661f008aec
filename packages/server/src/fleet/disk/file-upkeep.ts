import type { BlockStore } from './block-store.ts'

/** How often a file notes that it is up to date, and how often a snapshot is asked for to shorten it, in ms. */
const MARK_MS = 15_000
const SNAPSHOT_MS = 60_000

/** Keeps a file of blocks young and short while a stream brings it up to date. */
export class FileUpkeep {
  readonly #store: BlockStore
  readonly #monotonicMs: () => number
  #markedAtMs = -Infinity
  #snapshotAskedAtMs: number

  constructor(store: BlockStore, monotonicMs: () => number) {
    this.#store = store
    this.#monotonicMs = monotonicMs
    this.#snapshotAskedAtMs = monotonicMs()
  }

  /**
   * Call it whenever everything has arrived.
   *
   * @param onMarked called when the file notes that it is up to date
   * @param askForSnapshot called when a snapshot should replace the file
   */
  look(onMarked: () => void, askForSnapshot: () => void): void {
    const nowMs = this.#monotonicMs()
    if (nowMs - this.#markedAtMs > MARK_MS) {
      this.#markedAtMs = nowMs
      this.#store.mark()
      onMarked()
    }
    if (this.#store.needsSnapshot && nowMs - this.#snapshotAskedAtMs > SNAPSHOT_MS) {
      this.#snapshotAskedAtMs = nowMs
      askForSnapshot()
    }
  }
}
