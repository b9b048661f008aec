/** How far the owners of an organization have been told of its events by mail. */
export interface OwnerMailQueue {
  readonly organization: string
  /** The sequence in the audit log up to which they were told. */
  readonly position: number
  /** Grows with each reason to look at the queue again. */
  readonly wakes: number
}

/** What a process has looked at. */
export interface OwnerMailProgress {
  /** The sequence in the audit log up to which it was looked at. */
  readonly position: number
  /** Whether nothing that was there is left to look at. */
  readonly isCaughtUp: boolean
  /** When the queue may be looked at again, in ms since 1970. */
  readonly nextMs: number
}

/**
 * The queues of mails to the owners of each organization. They change nothing that people do, so they need no audit record and
 * no revision. Every change here concerns one queue, so that it never waits for a writer that waits for it.
 */
export interface OwnerMailQueues {
  /**
   * The queues that have something to look at, the longest due first.
   *
   * @param pauseMsMax the longest pause of a queue. One that is due later than that was moved by a clock that was ahead, and
   *   is due now
   */
  due(nowMs: number, pauseMsMax: number, limit: number): Promise<readonly OwnerMailQueue[]>
  /**
   * Moves a queue on.
   *
   * @param queue as it was read
   * @returns whether this process did it, which then has to tell of what it looked at; false if another one was faster
   */
  advance(queue: OwnerMailQueue, progress: OwnerMailProgress): Promise<boolean>
}
