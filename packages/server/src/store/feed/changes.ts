import type { Change, FeedRecord } from '@sallyport/core'
import type { Database } from '../database/schema.ts'

/** The most changes that one call reads. */
const CHANGES_MAX = 1_000

/** The newest revision there is; 0 before the first. */
export async function headRevision(db: Database): Promise<number> {
  const row = await db
    .selectFrom('changes')
    .select((eb) => eb.fn.max('revision').as('revision'))
    .executeTakeFirst()
  return row?.revision ?? 0
}

/** Adds a change under the next revision, which the writers' turn makes ours, and returns it. */
export async function appendChange(
  tx: Database,
  records: readonly FeedRecord[],
  atMs: number,
): Promise<number> {
  const revision = (await headRevision(tx)) + 1
  await tx
    .insertInto('changes')
    .values({ revision, committed_at: atMs, records_json: JSON.stringify(records) })
    .execute()
  return revision
}

/** See `FeedSource.changesAfter`. */
export async function changesAfter(
  db: Database,
  revision: number,
  limit: number,
): Promise<readonly Change[] | 'pruned'> {
  const rows = await db
    .selectFrom('changes')
    .selectAll()
    .where('revision', '>', revision)
    .orderBy('revision')
    .limit(Math.min(limit, CHANGES_MAX))
    .execute()
  const oldest = rows[0]
  if (oldest === undefined) {
    // A reader that is ahead of the store followed one that is gone, such as one from before a restored backup.
    return revision > (await headRevision(db)) ? 'pruned' : []
  }
  // Revisions have no gaps: if the next one is not there, it was pruned.
  if (oldest.revision !== revision + 1) return 'pruned'
  return rows.map((row) => ({
    revision: row.revision,
    atMs: row.committed_at,
    records: JSON.parse(row.records_json) as readonly FeedRecord[],
  }))
}

/**
 * Forgets changes made before that time, from the oldest on, but never the newest. Clocks can go back; what is kept
 * has no gaps all the same, because the first change that is young enough ends the pruning.
 */
export async function pruneChanges(db: Database, beforeMs: number): Promise<void> {
  const firstKept = await db
    .selectFrom('changes')
    .select((eb) => eb.fn.min('revision').as('revision'))
    .where('committed_at', '>=', beforeMs)
    .executeTakeFirst()
  const end = firstKept?.revision ?? (await headRevision(db))
  await db.deleteFrom('changes').where('revision', '<', end).execute()
}
