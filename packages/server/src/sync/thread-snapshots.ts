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
   * After a failure the next snapshot is sent as a whole, since threads may have got any part of this one.
   *
   * @param records how it differs from the one before
   * @returns when it is in force in all of them
   */
  send(snapshot: Snapshot, records: readonly FeedRecord[] | 'all'): Promise<void> {
    const sending = this.#turn.then(async () => await this.#send(snapshot, records))
    this.#turn = sending.catch(() => undefined)
    return sending
  }

  async #send(snapshot: Snapshot, records: readonly FeedRecord[] | 'all'): Promise<void> {
    const before = this.#sent
    this.#sent = undefined
    for await (const part of snapshotParts(before, snapshot, records)) {
      // All of them, because none may get the next part while it applies this one.
      const applied = await Promise.allSettled(this.#threads.map((apply) => apply(part)))
      const failed = applied.find(({ status }) => status === 'rejected')
      if (failed?.status === 'rejected') throw failed.reason as Error
    }
    this.#sent = snapshot
  }
}
