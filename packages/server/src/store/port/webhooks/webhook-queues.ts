import type { DeliveryRow } from './deliveries.ts'

/** Names the queue of one webhook. */
export interface QueueName {
  readonly organization: string
  readonly webhook: string
}

/** How far a webhook has been served. */
export interface WebhookQueue extends QueueName {
  /** The sequence in the audit log up to which events have become deliveries. */
  readonly position: number
  /** Attempts that failed since the last one that did not. */
  readonly failures: number
  /** Grows with each reason to look at the queue again. */
  readonly wakes: number
}

/** The right of one process to serve a queue. After `leasedUntilMs`, another process that finds the queue due takes it over. */
export interface QueueHold {
  /** Names the process. */
  readonly holder: string
  readonly leasedUntilMs: number
}

/**
 * The queues of all webhooks: which events wait, and who sends them. It changes nothing that people do, so it needs no
 * audit record and no revision. Every change here concerns one queue, so that it never waits for a writer that waits for it.
 */
export interface WebhookQueues {
  /**
   * Queues that have something to do and that no process holds, the longest due first.
   *
   * @param isFailing whether the last attempt of the queues failed
   */
  due(isFailing: boolean, nowMs: number, limit: number): Promise<readonly QueueName[]>
  /** Takes a queue, also one that the process holds. @returns undefined if it is not due, or another process holds it */
  claim(queue: QueueName, hold: QueueHold, nowMs: number): Promise<WebhookQueue | undefined>
  /** Adds deliveries and moves the position. @returns whether the process still holds the queue; otherwise nothing changes */
  add(
    queue: QueueName,
    hold: QueueHold,
    deliveries: readonly DeliveryRow[],
    position: number,
  ): Promise<boolean>
  /**
   * Records the result of an attempt.
   *
   * @param failures of the queue, after the attempt
   * @param retryAllAtMs if given, all other pending deliveries are due then
   * @returns whether the process still holds the queue; otherwise nothing changes
   */
  record(
    queue: QueueName,
    hold: QueueHold,
    delivery: DeliveryRow,
    failures: number,
    retryAllAtMs?: number,
  ): Promise<boolean>
  /**
   * Gives a queue back.
   *
   * @param queue as the process knows it, with the position that it has reached
   * @param dueAtMs when there is something to do again; null for not before the next event
   * @returns false, and the process still holds the queue, if there is something new to do
   */
  release(queue: WebhookQueue, hold: QueueHold, dueAtMs: number | null): Promise<boolean>
  /** Gives back the queues of all processes; for a database that only one process uses. */
  releaseAll(): Promise<void>
  /** Deletes deliveries that ended before `beforeMs`. */
  prune(beforeMs: number): Promise<void>
}
