import type { WebhookEventType } from '@sallyport/core'
import type { Page, PageRequest } from '../pages/paging.ts'

/** Where an organization has its events sent. */
export interface WebhookRow {
  readonly organization: string
  readonly id: string
  readonly url: string
  readonly events: readonly WebhookEventType[]
  /** Whether events are sent. While it is false, they wait. */
  readonly active: boolean
  /** The secret that signs, sealed under the master key. */
  readonly sealedSecret: string
  /** The secret before it, which signs too until `previousSecretEndsAtMs`. Both are null if there is none. */
  readonly sealedPreviousSecret: string | null
  readonly previousSecretEndsAtMs: number | null
  readonly createdAtMs: number
  readonly createdBy: string
}

export interface WebhookReader {
  get(organization: string, id: string): Promise<WebhookRow | undefined>
  list(organization: string, page: PageRequest): Promise<Page<WebhookRow>>
  countOfOrganization(organization: string): Promise<number>
  /** Whether events wait for it, and the last attempt to deliver one failed. */
  isFailing(organization: string, id: string): Promise<boolean>
}

export interface WebhookWriter extends WebhookReader {
  /** Its events are those after the newest one in the audit log. */
  insert(row: WebhookRow): Promise<void>
  /** Replaces everything except id and creation, and has waiting events sent. */
  update(row: WebhookRow): Promise<void>
  /** Also removes its deliveries. */
  remove(organization: string, id: string): Promise<void>
}
