import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import type { QueueHold, QueueName, WebhookQueue, WebhookQueues } from '../port/webhooks/webhook-queues.ts'
import { deliveryColumns } from '../sql/webhooks/deliveries.ts'

/** Deliveries of one webhook that are kept after their end, besides those that wait or that a roll depends on. */
const DELIVERIES_KEPT_MAX = 1_000
/** Rows per statement. Each takes 14 parameters, far below the limit of either database. */
const BATCH = 100
/** Deliveries that are deleted at a time because of their age. */
const PRUNED_MAX = 10_000

function changeQueue(tx: Database, { organization, webhook }: QueueName) {
  return tx
    .updateTable('webhook_queues')
    .where('organization', '=', organization)
    .where('webhook', '=', webhook)
}

/**
 * @param reader sees what was committed
 * @param db its transactions write without the write lock
 */
export function webhookQueues(reader: Database, db: Database): WebhookQueues {
  /** Changes a queue that the process holds, and what belongs to it. */
  async function whileHeld(
    queue: QueueName,
    { holder, leasedUntilMs }: QueueHold,
    columns: { readonly position?: number; readonly failures?: number; readonly is_failing?: number },
    work: (tx: Database) => Promise<void>,
  ): Promise<boolean> {
    return await db.transaction().execute(async (tx) => {
      const { numUpdatedRows } = await changeQueue(tx, queue)
        .set({ ...columns, leased_until: leasedUntilMs })
        .where('holder', '=', holder)
        .where('leased_until', '>', 0)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      await work(tx)
      return true
    })
  }

  return {
    async due(isFailing, nowMs, limit) {
      return await reader
        .selectFrom('webhook_queues')
        .innerJoin('webhooks', (join) =>
          join
            .onRef('webhooks.organization', '=', 'webhook_queues.organization')
            .onRef('webhooks.id', '=', 'webhook_queues.webhook'),
        )
        .select(['webhook_queues.organization', 'webhook_queues.webhook'])
        .where('webhook_queues.is_failing', '=', isFailing ? 1 : 0)
        .where('webhook_queues.due_at', '<=', nowMs)
        .where('webhook_queues.leased_until', '<=', nowMs)
        .where('webhooks.active', '=', 1)
        .orderBy('webhook_queues.due_at')
        .limit(limit)
        .execute()
    },

    async claim(queue, { holder, leasedUntilMs }, nowMs): Promise<WebhookQueue | undefined> {
      return await db.transaction().execute(async (tx) =>
        changeQueue(tx, queue)
          .set({ holder, leased_until: leasedUntilMs })
          .where('due_at', '<=', nowMs)
          .where((eb) => eb.or([eb('leased_until', '<=', nowMs), eb('holder', '=', holder)]))
          .returning(['organization', 'webhook', 'position', 'failures', 'wakes'])
          .executeTakeFirst(),
      )
    },

    async add(queue, hold, deliveries, position) {
      return await whileHeld(queue, hold, { position }, async (tx) => {
        for (let start = 0; start < deliveries.length; start += BATCH) {
          await tx
            .insertInto('webhook_deliveries')
            .values(deliveries.slice(start, start + BATCH).map(deliveryColumns))
            .execute()
        }
        if (deliveries.length === 0) return
        const oldest = await tx
          .selectFrom('webhook_deliveries')
          .select('sequence')
          .where('organization', '=', queue.organization)
          .where('webhook', '=', queue.webhook)
          .orderBy('sequence', 'desc')
          .offset(DELIVERIES_KEPT_MAX)
          .limit(1)
          .executeTakeFirst()
        if (oldest === undefined) return
        await tx
          .deleteFrom('webhook_deliveries')
          .where('organization', '=', queue.organization)
          .where('webhook', '=', queue.webhook)
          .where('state', '<>', 'pending')
          .where('sequence', '<=', oldest.sequence)
          // Whether the old secret of a scheduled roll may end is read from its delivery.
          .where((eb) =>
            eb.not(
              eb.exists(
                eb
                  .selectFrom('rotations')
                  .select('rotations.key_id')
                  .whereRef('rotations.organization', '=', 'webhook_deliveries.organization')
                  .whereRef('rotations.pending_subject', '=', 'webhook_deliveries.subject'),
              ),
            ),
          )
          .execute()
      })
    },

    async record(queue, hold, delivery, failures, retryAllAtMs) {
      const columns = { failures, is_failing: failures > 0 ? 1 : 0 }
      return await whileHeld(queue, hold, columns, async (tx) => {
        const { organization, webhook, sequence, ...changed } = deliveryColumns(delivery)
        await tx
          .updateTable('webhook_deliveries')
          .set(changed)
          .where('organization', '=', organization)
          .where('webhook', '=', webhook)
          .where('sequence', '=', sequence)
          .execute()
        if (retryAllAtMs === undefined) return
        await tx
          .updateTable('webhook_deliveries')
          .set({ next_attempt_at: retryAllAtMs })
          .where('organization', '=', organization)
          .where('webhook', '=', webhook)
          .where('state', '=', 'pending')
          .execute()
      })
    },

    async release(queue, { holder }, dueAtMs) {
      return await db.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await changeQueue(tx, queue)
          .set({ leased_until: 0, due_at: dueAtMs, position: queue.position })
          .where('holder', '=', holder)
          .where('wakes', '=', queue.wakes)
          .executeTakeFirst()
        return numUpdatedRows > 0n
      })
    },

    async releaseAll() {
      await db.transaction().execute(async (tx) => {
        await tx
          .updateTable('webhook_queues')
          .set({ leased_until: 0 })
          .where('leased_until', '>', 0)
          .execute()
      })
    },

    async prune(beforeMs) {
      await db.transaction().execute(async (tx) => {
        await sql`
          delete from webhook_deliveries where ended_at < ${beforeMs} and (organization, webhook, sequence) in (
            select organization, webhook, sequence from webhook_deliveries
            where ended_at < ${beforeMs} order by ended_at limit ${PRUNED_MAX}
          )
        `.execute(tx)
      })
    },
  }
}
