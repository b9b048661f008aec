import type { WebhookEventType } from '@sallyport/core'
import { requireDeleted, requireUpdated } from '../../database/affected-rows.ts'
import { createdPage } from '../../database/created-page.ts'
import { textsFromJson, toJson } from '../../database/json-columns.ts'
import type { Database } from '../../database/schema.ts'
import type { WebhookReader, WebhookRow, WebhookWriter } from '../../port/webhooks/webhooks.ts'
import { insertQueue, removeQueue, wakeQueue } from './webhook-queues.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    webhooks: WebhooksTable
  }
}

interface WebhooksTable {
  organization: string
  id: string
  url: string
  events_json: string
  active: number
  sealed_secret: string
  sealed_previous_secret: string | null
  previous_secret_ends_at: number | null
  created_at: number
  created_by: string
}

function webhookRow(row: WebhooksTable): WebhookRow {
  return {
    organization: row.organization,
    id: row.id,
    url: row.url,
    events: textsFromJson(row.events_json) as readonly WebhookEventType[],
    active: row.active === 1,
    sealedSecret: row.sealed_secret,
    sealedPreviousSecret: row.sealed_previous_secret,
    previousSecretEndsAtMs: row.previous_secret_ends_at,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
  }
}

/** The columns that an update replaces. */
function changeable(row: WebhookRow) {
  return {
    url: row.url,
    events_json: toJson(row.events),
    active: row.active ? 1 : 0,
    sealed_secret: row.sealedSecret,
    sealed_previous_secret: row.sealedPreviousSecret,
    previous_secret_ends_at: row.previousSecretEndsAtMs,
  }
}

export function webhookReader(db: Database): WebhookReader {
  const webhooks = (organization: string) =>
    db.selectFrom('webhooks').where('organization', '=', organization)

  return {
    async get(organization, id) {
      const row = await webhooks(organization).selectAll().where('id', '=', id).executeTakeFirst()
      return row && webhookRow(row)
    },

    async list(organization, page) {
      return await createdPage(webhooks(organization).selectAll(), page, 'id', (rows) => rows.map(webhookRow))
    },

    async countOfOrganization(organization) {
      const row = await webhooks(organization)
        .select((eb) => eb.fn.countAll<number>().as('webhooks'))
        .executeTakeFirstOrThrow()
      return row.webhooks
    },

    async isFailing(organization, id) {
      const queue = await db
        .selectFrom('webhook_queues')
        .select('webhook_queues.webhook')
        .where('organization', '=', organization)
        .where('webhook', '=', id)
        .where('is_failing', '=', 1)
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('webhook_deliveries')
              .select('webhook_deliveries.id')
              .whereRef('webhook_deliveries.organization', '=', 'webhook_queues.organization')
              .whereRef('webhook_deliveries.webhook', '=', 'webhook_queues.webhook')
              .where('webhook_deliveries.state', '=', 'pending'),
          ),
        )
        .executeTakeFirst()
      return queue !== undefined
    },
  }
}

export function webhookWriter(db: Database): WebhookWriter {
  return {
    ...webhookReader(db),

    async insert(row) {
      await db
        .insertInto('webhooks')
        .values({
          ...changeable(row),
          organization: row.organization,
          id: row.id,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
        })
        .execute()
      await insertQueue(db, row.organization, row.id)
    },

    async update(row) {
      requireUpdated(
        await db
          .updateTable('webhooks')
          .set(changeable(row))
          .where('organization', '=', row.organization)
          .where('id', '=', row.id)
          .executeTakeFirst(),
      )
      await wakeQueue(db, row.organization, row.id)
    },

    async remove(organization, id) {
      requireDeleted(
        await db
          .deleteFrom('webhooks')
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirst(),
      )
      await removeQueue(db, organization, id)
    },
  }
}
