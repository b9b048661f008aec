import { randomBytes } from 'node:crypto'
import { randomBase62, WEBHOOK_RETRIED_MS } from '@sallyport/core'
import type { AuditRow } from '../store/port/audit-events.ts'
import type { DeliveryAttempt, DeliveryRow } from '../store/port/webhooks/deliveries.ts'
import type { QueueName } from '../store/port/webhooks/webhook-queues.ts'
import type { OrganizationEvent } from '../events/event-of.ts'
import { retryDelayMs } from './retry-schedule.ts'

const ID_CHARS = 16
/** Attempts that are kept of each delivery. */
const ATTEMPTS_KEPT_MAX = 20

/** A delivery of an event, due now; given up at once if the event waited for too long. */
export function newDelivery(
  { organization, webhook }: QueueName,
  { sequence, atMs }: Pick<AuditRow, 'sequence' | 'atMs'>,
  { type, subject }: OrganizationEvent,
  nowMs: number,
): DeliveryRow {
  const givesUpAtMs = atMs + WEBHOOK_RETRIED_MS
  const isLate = nowMs >= givesUpAtMs
  return {
    organization,
    webhook,
    id: `evt_${randomBase62(ID_CHARS, randomBytes)}`,
    sequence,
    type,
    subject,
    happenedAtMs: atMs,
    state: isLate ? 'failed' : 'pending',
    attempts: [],
    attemptCount: 0,
    failures: 0,
    nextAttemptAtMs: isLate ? null : nowMs,
    givesUpAtMs,
    endedAtMs: isLate ? nowMs : null,
  }
}

/** Whether an attempt has delivered the event: 2xx, and nothing else. */
export function isDelivered({ status }: Pick<DeliveryAttempt, 'status'>): boolean {
  return status !== null && status >= 200 && status < 300
}

/**
 * The delivery after an attempt: delivered, waiting for the next one, or given up if that would be too late.
 *
 * @param nowMs when the attempt ended
 * @param random from 0 to 1, for the pause
 */
export function afterAttempt(
  before: DeliveryRow,
  attempt: DeliveryAttempt,
  nowMs: number,
  random: number,
): DeliveryRow {
  const attempted = {
    ...before,
    attempts: [...before.attempts, attempt].slice(-ATTEMPTS_KEPT_MAX),
    attemptCount: before.attemptCount + 1,
  }
  const ended = { nextAttemptAtMs: null, endedAtMs: nowMs }
  if (isDelivered(attempt)) return { ...attempted, ...ended, state: 'delivered' }
  const failures = before.failures + 1
  const nextAttemptAtMs = nowMs + retryDelayMs(failures, random)
  // What is withdrawn stays so.
  return nextAttemptAtMs < before.givesUpAtMs && attempt.error !== 'withdrawn'
    ? { ...attempted, failures, nextAttemptAtMs }
    : { ...attempted, ...ended, failures, state: 'failed' }
}

/**
 * The deliveries that may be attempted now, the longest due first: of each subject only the oldest, so that its events
 * arrive in their order.
 *
 * @param pending oldest first
 */
export function dueDeliveries(pending: Iterable<DeliveryRow>, nowMs: number): DeliveryRow[] {
  return headsOf(pending)
    .filter(({ nextAttemptAtMs }) => nextAttemptAtMs !== null && nextAttemptAtMs <= nowMs)
    .sort((one, other) => (one.nextAttemptAtMs ?? 0) - (other.nextAttemptAtMs ?? 0))
}

/** When the next attempt is due; null if nothing waits. @param pending oldest first */
export function nextDueMs(pending: Iterable<DeliveryRow>): number | null {
  const times = headsOf(pending).flatMap(({ nextAttemptAtMs }) => nextAttemptAtMs ?? [])
  return times.length === 0 ? null : Math.min(...times)
}

/** The oldest pending delivery of each subject. */
function headsOf(pending: Iterable<DeliveryRow>): DeliveryRow[] {
  const heads = new Map<string, DeliveryRow>()
  for (const delivery of pending) {
    if (!heads.has(delivery.subject)) heads.set(delivery.subject, delivery)
  }
  return [...heads.values()]
}
