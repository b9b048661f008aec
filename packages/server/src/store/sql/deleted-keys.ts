import type { Database } from '../database/schema.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import { KEYS_FEED } from './keys/key-feed.ts'

/**
 * Detaches the deleted keys of an environment or a consumer, so that it can be removed. A deleted key stays as a
 * tombstone for as long as its organization exists, and its hand-overs and leaks with it. It still names its consumer; the
 * audit log keeps its environment.
 */
export async function detachDeletedKeys(
  db: Database,
  staged: StagedChange,
  organization: string,
  column: 'environment' | 'consumer',
  value: string,
): Promise<void> {
  const tombstones = await db
    .selectFrom('keys')
    .select('id')
    .where('organization', '=', organization)
    .where(column, '=', value)
    .where('deleted_at', 'is not', null)
    .orderBy('id')
    .execute()
  if (tombstones.length === 0) return
  await db
    .updateTable('keys')
    .set(
      column === 'environment'
        ? { environment: null }
        : { consumer: null, ...(await removedConsumer(db, organization, value)) },
    )
    .where('organization', '=', organization)
    .where(column, '=', value)
    .where('deleted_at', 'is not', null)
    .execute()
  if (column === 'environment') {
    for (const table of ['hand_overs', 'leaks'] as const) {
      await db
        .updateTable(table)
        .set({ environment: null })
        .where('organization', '=', organization)
        .where('environment', '=', value)
        .execute()
    }
  }
  for (const { id } of tombstones) staged.upsert(KEYS_FEED, organization, id)
}

async function removedConsumer(db: Database, organization: string, id: string) {
  const { name } = await db
    .selectFrom('consumers')
    .select('name')
    .where('organization', '=', organization)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return { removed_consumer: id, removed_consumer_name: name }
}
