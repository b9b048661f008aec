import type { WebhookEventType } from '@sallyport/core'
import { requireUpdated } from '../../database/affected-rows.ts'
import { pageOf, startAfter } from '../../database/cursors.ts'
import { toJson } from '../../database/json-columns.ts'
import type { Database } from '../../database/schema.ts'
import type {
  DeliveryAttempt,
  DeliveryReader,
  DeliveryRow,
  DeliveryWriter,
} from '../../port/webhooks/deliveries.ts'
import { wakeQueue } from './webhook-queues.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    webhook_deliveries: WebhookDeliveriesTable
  }
}

interface WebhookDeliveriesTable {
  organization: string
  webhook: string
  sequence: number
  id: string
  type: string
  subject: string
  happened_at: number
  state: DeliveryRow['state']
  attempts_json: string
  attempt_count: number
  failures: number
  gives_up_at: number
  next_attempt_at: number | null
  ended_at: number | null
}

function deliveryRow(row: WebhookDeliveriesTable): DeliveryRow {
  return {
    organization: row.organization,
    webhook: row.webhook,
    id: row.id,
    sequence: row.sequence,
    type: row.type as WebhookEventType,
    subject: row.subject,
    happenedAtMs: row.happened_at,
    state: row.state,
    attempts: JSON.parse(row.attempts_json) as readonly DeliveryAttempt[],
    attemptCount: row.attempt_count,
    failures: row.failures,
    nextAttemptAtMs: row.next_attempt_at,
    givesUpAtMs: row.gives_up_at,
    endedAtMs: row.ended_at,
  }
}

/** The columns of a delivery. */
export function deliveryColumns(row: DeliveryRow): WebhookDeliveriesTable {
  return {
    organization: row.organization,
    webhook: row.webhook,
    sequence: row.sequence,
    id: row.id,
    type: row.type,
    subject: row.subject,
    happened_at: row.happenedAtMs,
    state: row.state,
    attempts_json: toJson(row.attempts),
    attempt_count: row.attemptCount,
    failures: row.failures,
    gives_up_at: row.givesUpAtMs,
    next_attempt_at: row.nextAttemptAtMs,
    ended_at: row.endedAtMs,
  }
}

export function deliveryReader(db: Database): DeliveryReader {
  const deliveries = (organization: string, webhook: string) =>
    db
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('organization', '=', organization)
      .where('webhook', '=', webhook)

  return {
    async get(organization, webhook, id) {
      const row = await deliveries(organization, webhook).where('id', '=', id).executeTakeFirst()
      return row && deliveryRow(row)
    },

    async list(organization, webhook, page) {
      const [before] = startAfter(page, ['number']) ?? []
      let query = deliveries(organization, webhook)
      if (before !== undefined) query = query.where('sequence', '<', before)
      const rows = await query
        .orderBy('sequence', 'desc')
        .limit(page.limit + 1)
        .execute()
      return pageOf(
        rows,
        page.limit,
        ({ sequence }) => [sequence],
        (kept) => kept.map(deliveryRow),
      )
    },

    async pending(organization, webhook) {
      const rows = await deliveries(organization, webhook)
        .where('state', '=', 'pending')
        .orderBy('sequence')
        .execute()
      return rows.map(deliveryRow)
    },

    async newestOfSubject(organization, webhook, subject) {
      const row = await deliveries(organization, webhook)
        .where('subject', '=', subject)
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && deliveryRow(row)
    },
  }
}

export function deliveryWriter(db: Database): DeliveryWriter {
  return {
    ...deliveryReader(db),

    async replay(row) {
      const { state, failures, next_attempt_at, gives_up_at, ended_at } = deliveryColumns(row)
      // The queue first, as the process that serves it: the two cannot deadlock.
      await wakeQueue(db, row.organization, row.webhook)
      requireUpdated(
        await db
          .updateTable('webhook_deliveries')
          .set({ state, failures, next_attempt_at, gives_up_at, ended_at })
          .where('organization', '=', row.organization)
          .where('webhook', '=', row.webhook)
          .where('sequence', '=', row.sequence)
          .executeTakeFirst(),
      )
    },
  }
}
