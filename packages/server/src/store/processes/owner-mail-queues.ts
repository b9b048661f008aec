import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import type { OwnerMailQueues } from '../port/people/owner-mail-queues.ts'

/**
 * @param reader sees what was committed
 * @param db its transactions write without the write lock
 */
export function ownerMailQueues(reader: Database, db: Database): OwnerMailQueues {
  return {
    async due(nowMs, pauseMsMax, limit) {
      return await reader
        .selectFrom('owner_mail_queues')
        .select(['organization', 'position', 'wakes'])
        .where((queue) => queue.or([queue('due_at', '<=', nowMs), queue('due_at', '>', nowMs + pauseMsMax)]))
        .orderBy('due_at')
        .orderBy('organization')
        .limit(limit)
        .execute()
    },

    async advance({ organization, position: before, wakes }, { position, isCaughtUp, nextMs }) {
      return await db.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('owner_mail_queues')
          .set({
            position,
            next_at: nextMs,
            due_at: isCaughtUp
              ? sql`case when wakes = ${wakes} then null else cast(${nextMs} as bigint) end`
              : nextMs,
          })
          .where('organization', '=', organization)
          .where('position', '=', before)
          .where('due_at', 'is not', null)
          .executeTakeFirst()
        return numUpdatedRows > 0n
      })
    },
  }
}
