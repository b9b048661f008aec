import { isWebhookAction } from '@sallyport/core'
import { sql } from 'kysely'
import type { Database } from '../../database/schema.ts'
import type { AuditEntry } from '../../port/audit-events.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    webhook_queues: WebhookQueuesTable
  }
}

/** What webhooks wait for. It is kept apart from webhooks, because delivering changes it without a writer. */
interface WebhookQueuesTable {
  organization: string
  webhook: string
  position: number
  wakes: number
  failures: number
  is_failing: number
  /** The process that serves the queue, or the last one that did. */
  holder: string
  leased_until: number
  /** Null while there is nothing to do. */
  due_at: number | null
}

/** Before any time: due at once. */
const AT_ONCE = 0

/** What has the process that serves a queue look at it again, or another one take it. */
const WOKEN = { wakes: sql<number>`wakes + 1`, due_at: AT_ONCE }

/** Starts the queue of a new webhook behind the newest event of its organization. */
export async function insertQueue(db: Database, organization: string, webhook: string): Promise<void> {
  const newest = await db
    .selectFrom('audit_events')
    .select('sequence')
    .where('organization', '=', organization)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  await db
    .insertInto('webhook_queues')
    .values({
      organization,
      webhook,
      position: newest?.sequence ?? 0,
      wakes: 0,
      failures: 0,
      is_failing: 0,
      holder: '',
      leased_until: 0,
      due_at: AT_ONCE,
    })
    .execute()
}

export async function wakeQueue(db: Database, organization: string, webhook: string): Promise<void> {
  await db
    .updateTable('webhook_queues')
    .set(WOKEN)
    .where('organization', '=', organization)
    .where('webhook', '=', webhook)
    .execute()
}

/**
 * Has the queues of organizations look at new events. In the transaction that makes them. A queue whose webhook does not send
 * them is woken too: its position stays behind only by records that are no events, so that no event from before a change
 * of the webhook is sent after it.
 *
 * @param entries the audit records of the transaction
 */
export async function wakeQueues(db: Database, entries: readonly AuditEntry[]): Promise<void> {
  const told = entries.filter(({ action }) => isWebhookAction(action))
  const organizations = [...new Set(told.map((entry) => entry.organization))]
  if (organizations.length === 0) return
  await db.updateTable('webhook_queues').set(WOKEN).where('organization', 'in', organizations).execute()
}

/** The queue first: a process that adds a delivery changes it too, so it has ended, or finds no queue. */
export async function removeQueue(db: Database, organization: string, webhook: string): Promise<void> {
  for (const table of ['webhook_queues', 'webhook_deliveries'] as const) {
    await db
      .deleteFrom(table)
      .where('organization', '=', organization)
      .where('webhook', '=', webhook)
      .execute()
  }
}
