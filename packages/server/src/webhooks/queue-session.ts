import type { WebhookRow } from '../store/port/webhooks/webhooks.ts'
import type { DeliveryAttempt, DeliveryRow } from '../store/port/webhooks/deliveries.ts'
import type { Store } from '../store/port/store.ts'
import type { QueueHold, QueueName, WebhookQueue } from '../store/port/webhooks/webhook-queues.ts'
import { afterAttempt, dueDeliveries, isDelivered, newDelivery, nextDueMs } from './delivery-states.ts'
import { eventOf, type OrganizationEvent } from '../events/event-of.ts'
import type { Answer } from './send-message.ts'

/** Events of one webhook that wait in its queue at most; further ones wait in the audit log. */
const WINDOW_MAX = 100
/** Records of the audit log that are read at a time. */
const PAGE = 500
/** Attempts of one webhook at a time, each of another subject. */
const ATTEMPTS_PER_WEBHOOK_MAX = 4
/** Failures in a row after which a webhook counts as down: once it answers again, everything that waits is due. */
const DOWN_FAILURES = 5
/** How long a process keeps a queue without a change of it, in ms: longer than any attempt takes. */
export const LEASE_MS = 60_000
/** How often a session with an attempt in progress looks for new events, in ms. */
const NEW_EVENTS_MS = 1_000
/** When a queue is looked at again whose organization uses up its share of attempts, in ms. */
const CROWDED_MS = 1_000

/** Whether another attempt may begin, among those of all webhooks. */
export interface AttemptSlots {
  /** @param isFailing whether the last attempt of the webhook failed */
  take(queue: QueueName, isFailing: boolean): boolean
  give(queue: QueueName, isFailing: boolean): void
}

export interface SessionDeps {
  readonly store: Pick<Store, 'read' | 'webhookQueues'>
  readonly slots: AttemptSlots
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  /** From 0 to 1. */
  readonly random: () => number
  /** Names this process. */
  readonly holder: string
  /** Sends one event. Never rejects. */
  readonly send: (
    webhook: WebhookRow,
    delivery: DeliveryRow,
    event: OrganizationEvent,
    signal: AbortSignal,
  ) => Promise<Answer>
  /** Ends attempts; what they did is not recorded, so they are made again later. */
  readonly ending: AbortSignal
  /** Told of each attempt that was recorded. */
  readonly onAttempt: (delivery: DeliveryRow) => void
}

/** Serves one queue until nothing is due: turns events into deliveries, attempts them, and records the results. */
export class QueueSession {
  readonly #deps: SessionDeps
  #queue: WebhookQueue
  /** What waits, oldest first, by sequence. */
  readonly #pending = new Map<number, DeliveryRow>()
  /** The attempts in progress, by subject. */
  readonly #attempts = new Map<string, Promise<void>>()
  /** Whether all events up to now have become deliveries. */
  #isCaughtUp = false
  #isCrowded = false
  #isLost = false
  /** What the store threw during an attempt. */
  #fault: { readonly cause: unknown } | null = null

  constructor(deps: SessionDeps, claimed: WebhookQueue) {
    this.#deps = deps
    this.#queue = claimed
  }

  /** @throws what the store throws; the lease of the queue then ends by itself */
  async run(): Promise<void> {
    try {
      await this.#serve()
    } finally {
      // After a fault, attempts go on.
      await Promise.all(this.#attempts.values())
    }
  }

  async #serve(): Promise<void> {
    const { store, ending } = this.#deps
    const { organization, webhook: id } = this.#queue
    await this.#readPending()
    for (;;) {
      const webhook = await store.read.webhooks.get(organization, id)
      const isServed = webhook?.active === true && !ending.aborted && !this.#isLost
      if (isServed) {
        await this.#fill(webhook)
        this.#startAttempts(webhook)
      }
      if (this.#attempts.size > 0) {
        await this.#nextChange()
        continue
      }
      if (this.#fault !== null) throw this.#fault.cause
      if (this.#isLost || (await this.#release(webhook?.active === true))) return
    }
  }

  /** How many attempts the webhook may have at a time. */
  get #attemptsMax(): number {
    return this.#queue.failures > 0 ? 1 : ATTEMPTS_PER_WEBHOOK_MAX
  }

  get #hold(): QueueHold {
    return { holder: this.#deps.holder, leasedUntilMs: this.#deps.nowMs() + LEASE_MS }
  }

  /** Waits for the end of an attempt, and while another one may begin, not for too long: there may be new events. */
  async #nextChange(): Promise<void> {
    const attempts = [...this.#attempts.values()]
    if (attempts.length >= this.#attemptsMax) {
      await Promise.race(attempts)
      return
    }
    let timer: NodeJS.Timeout | undefined
    const pause = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, NEW_EVENTS_MS)
    })
    await Promise.race([...attempts, pause])
    clearTimeout(timer)
    this.#isCaughtUp = false
  }

  async #readPending(): Promise<void> {
    const { organization, webhook } = this.#queue
    this.#pending.clear()
    for (const row of await this.#deps.store.read.deliveries.pending(organization, webhook)) {
      this.#pending.set(row.sequence, row)
    }
  }

  /** Turns events into deliveries, as many as the window has room for. */
  async #fill(webhook: WebhookRow): Promise<void> {
    const { store, nowMs } = this.#deps
    const { organization } = this.#queue
    while (!this.#isCaughtUp && this.#pending.size < WINDOW_MAX) {
      let { position } = this.#queue
      const rows = await store.read.audit.after(organization, position, PAGE)
      const added: DeliveryRow[] = []
      for (const row of rows) {
        if (this.#pending.size + added.length >= WINDOW_MAX) break
        position = row.sequence
        const event = eventOf(row)
        if (event === undefined || !isFor(event, webhook)) continue
        added.push(newDelivery(this.#queue, row, event, nowMs()))
      }
      this.#isCaughtUp = rows.length < PAGE && position === (rows.at(-1)?.sequence ?? position)
      if (position === this.#queue.position) return
      if (added.length > 0 && !(await store.webhookQueues.add(this.#queue, this.#hold, added, position))) {
        this.#isLost = true
        return
      }
      this.#queue = { ...this.#queue, position }
      for (const row of added) if (row.state === 'pending') this.#pending.set(row.sequence, row)
    }
  }

  #startAttempts(webhook: WebhookRow): void {
    const { slots, nowMs } = this.#deps
    this.#isCrowded = false
    for (const delivery of dueDeliveries(this.#pending.values(), nowMs())) {
      const isFailing = this.#queue.failures > 0
      if (this.#isLost || this.#attempts.size >= this.#attemptsMax) return
      if (this.#attempts.has(delivery.subject)) continue
      if (!slots.take(this.#queue, isFailing)) {
        this.#isCrowded = true
        return
      }
      const attempt = this.#attempt(webhook, delivery)
        .catch((cause: unknown) => {
          this.#fault ??= { cause }
          this.#isLost = true
        })
        .finally(() => {
          slots.give(this.#queue, isFailing)
          this.#attempts.delete(delivery.subject)
        })
      this.#attempts.set(delivery.subject, attempt)
    }
  }

  async #attempt(webhook: WebhookRow, delivery: DeliveryRow): Promise<void> {
    const { store, nowMs, monotonicMs, random, send, ending, onAttempt } = this.#deps
    const [row] = await store.read.audit.after(delivery.organization, delivery.sequence - 1, 1)
    const event = row === undefined ? undefined : eventOf(row)
    const atMs = nowMs()
    const startMs = monotonicMs()
    const answer: Answer =
      event === undefined ? { status: null, error: 'internal' } : await send(webhook, delivery, event, ending)
    if (ending.aborted && answer.status === null) return
    const durationMs = Math.round(monotonicMs() - startMs)
    const attempt: DeliveryAttempt = { atMs, durationMs, ...answer }
    const after = afterAttempt(delivery, attempt, nowMs(), random())
    const before = this.#queue.failures
    // What was not sent says nothing about the receiver.
    const failures = isDelivered(attempt) ? 0 : before + Number(attempt.error !== 'withdrawn')
    const isBack = failures === 0 && before >= DOWN_FAILURES
    this.#queue = { ...this.#queue, failures }
    const retryAllAtMs = isBack ? nowMs() : undefined
    if (await store.webhookQueues.record(this.#queue, this.#hold, after, failures, retryAllAtMs)) {
      this.#keep(after, retryAllAtMs)
      onAttempt(after)
    } else this.#isLost = true
  }

  #keep(delivery: DeliveryRow, retryAllAtMs: number | undefined): void {
    if (delivery.state === 'pending') this.#pending.set(delivery.sequence, delivery)
    else this.#pending.delete(delivery.sequence)
    if (retryAllAtMs === undefined) return
    for (const [sequence, row] of this.#pending) {
      this.#pending.set(sequence, { ...row, nextAttemptAtMs: retryAllAtMs })
    }
  }

  /** @returns whether the session is over; otherwise there is something new to do */
  async #release(isActive: boolean): Promise<boolean> {
    const { store, nowMs, ending } = this.#deps
    const released = await store.webhookQueues.release(
      this.#queue,
      this.#hold,
      isActive || ending.aborted ? this.#dueAtMs() : null,
    )
    if (released) return true
    const again = await store.webhookQueues.claim(this.#queue, this.#hold, nowMs())
    if (again === undefined) return true
    this.#queue = again
    this.#isCaughtUp = false
    await this.#readPending()
    return false
  }

  #dueAtMs(): number | null {
    const { nowMs } = this.#deps
    const dueAtMs = nextDueMs(this.#pending.values())
    if (this.#isCrowded) return nowMs() + CROWDED_MS
    return this.#isCaughtUp ? dueAtMs : (dueAtMs ?? nowMs())
  }
}

/** Whether a webhook is sent an event. A new secret goes to no other webhook than its own, whatever that one is sent. */
function isFor({ type, delivers }: OrganizationEvent, { id, events }: WebhookRow): boolean {
  return events.includes(type) && (delivers === undefined || delivers.webhook === id)
}
