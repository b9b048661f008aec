import {
  isOwnerMailEvent,
  isWebhookAction,
  type OwnerMailEvent,
  WEBHOOK_EVENT_OF_ACTION,
} from '@sallyport/core'
import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import type { AuditEntry } from '../port/audit-events.ts'

declare module '../database/schema.ts' {
  interface Schema {
    owner_mail_queues: OwnerMailQueuesTable
  }
}

/** What was told to the owners of each organization. It is kept apart from organizations, because it changes without a writer. */
interface OwnerMailQueuesTable {
  organization: string
  position: number
  wakes: number
  /** The earliest time of the next mail. */
  next_at: number
  /** Null while there is nothing to tell. */
  due_at: number | null
}

/** Starts the queue of a new organization. */
export async function insertOwnerMailQueue(db: Database, organization: string): Promise<void> {
  await db
    .insertInto('owner_mail_queues')
    .values({ organization, position: 0, wakes: 0, next_at: 0, due_at: null })
    .execute()
}

/**
 * Has the queues of organizations look at new events that their owners get by mail. In the transaction that makes them.
 *
 * @param entries the audit records of the transaction
 */
export async function wakeOwnerMails(db: Database, entries: readonly AuditEntry[]): Promise<void> {
  const told = Map.groupBy(entries, ({ organization }) => organization)
  const wake = async (organization: string, recorded: readonly AuditEntry[]): Promise<void> => {
    const types = new Set(recorded.flatMap(({ action }) => mailedOf(action) ?? []))
    if (types.size === 0) return
    await db
      .updateTable('owner_mail_queues')
      .set({ wakes: sql<number>`wakes + 1`, due_at: sql<number>`coalesce(due_at, next_at)` })
      .where('organization', '=', organization)
      .where((queue) =>
        queue.exists(
          queue
            .selectFrom('organizations')
            .select('slug')
            .where('slug', '=', organization)
            .where((row) => row.or([...types].map((type) => row('owner_mails_json', 'like', `%"${type}"%`)))),
        ),
      )
      .execute()
  }
  await Promise.all([...told].map(([organization, ofOrganization]) => wake(organization, ofOrganization)))
}

/** The event of an audit record that owners can get by mail; undefined if there is none. */
function mailedOf(action: string): OwnerMailEvent | undefined {
  if (!isWebhookAction(action)) return undefined
  const type = WEBHOOK_EVENT_OF_ACTION[action]
  return isOwnerMailEvent(type) ? type : undefined
}
