import type { WebhookEventType } from '@sallyport/core'
import type { Page, PageRequest } from '../pages/paging.ts'

/** Why an attempt got no answer, in words that say nothing about the network behind the URL. */
export type AttemptError =
  | 'unreachable'
  | 'tls_failed'
  | 'connection_lost'
  | 'timeout'
  | 'internal'
  | 'withdrawn'

/** One attempt to deliver an event. */
export interface DeliveryAttempt {
  readonly atMs: number
  readonly durationMs: number
  /** The status of the answer; null if there was none. */
  readonly status: number | null
  /** Null if there was an answer. */
  readonly error: AttemptError | null
}

/** One event on its way to one webhook. Its content is that of its audit record. */
export interface DeliveryRow {
  readonly organization: string
  readonly webhook: string
  readonly id: string
  /** Of the audit record that the event follows from; unique for the webhook. */
  readonly sequence: number
  readonly type: WebhookEventType
  /** Events of one subject are delivered in their order. */
  readonly subject: string
  readonly happenedAtMs: number
  readonly state: 'pending' | 'delivered' | 'failed'
  /** The newest ones, oldest first. */
  readonly attempts: readonly DeliveryAttempt[]
  /** How many attempts there were. */
  readonly attemptCount: number
  /** How many of the attempts since the event happened, or was replayed, have failed. */
  readonly failures: number
  /** When the next attempt is due; null unless it is pending. */
  readonly nextAttemptAtMs: number | null
  /** When it is given up unless it is delivered before. */
  readonly givesUpAtMs: number
  /** When it was delivered or given up; null while it is pending. */
  readonly endedAtMs: number | null
}

export interface DeliveryReader {
  get(organization: string, webhook: string, id: string): Promise<DeliveryRow | undefined>
  /** The newest events first. */
  list(organization: string, webhook: string, page: PageRequest): Promise<Page<DeliveryRow>>
  /** Those that were neither delivered nor given up, oldest first. */
  pending(organization: string, webhook: string): Promise<readonly DeliveryRow[]>
  /** The newest one of a subject. */
  newestOfSubject(organization: string, webhook: string, subject: string): Promise<DeliveryRow | undefined>
}

export interface DeliveryWriter extends DeliveryReader {
  /** Makes it pending again, and due now. @throws Problem `not_found` */
  replay(row: DeliveryRow): Promise<void>
}
