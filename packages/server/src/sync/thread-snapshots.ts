import type { FeedRecord, Snapshot } from '@sallyport/core'
import { type SnapshotPart, snapshotParts } from './snapshot-parts.ts'

/** Applies a part in another thread. @returns when it is applied; the last part, when its snapshot is in force */
export type ApplyPart = (part: SnapshotPart) => Promise<void>

/** Brings other threads to each snapshot of this one, one snapshot after the other. */
export class ThreadSnapshots {
  readonly #threads: readonly ApplyPart[]
  #sent: Snapshot | undefined
  #turn: Promise<void> = Promise.resolve()

  constructor(threads: readonly ApplyPart[]) {
    this.#threads = threads
  }

  /**
   * @param records how it differs from the one before
   * @returns when it is in force in all of them
   */
  send(snapshot: Snapshot, records: readonly FeedRecord[] | 'all'): Promise<void> {
    this.#turn = this.#turn.then(() => this.#send(snapshot, records))
    return this.#turn
  }

  /** Resolves when what was sent is in force. */
  async settled(): Promise<void> {
    await this.#turn
  }

  async #send(snapshot: Snapshot, records: readonly FeedRecord[] | 'all'): Promise<void> {
    for await (const part of snapshotParts(this.#sent, snapshot, records)) {
      await Promise.all(this.#threads.map((apply) => apply(part)))
    }
    this.#sent = snapshot
  }
}
