import type { Change, FeedRecord } from '@sallyport/core'
import type { Database } from '../database/schema.ts'

declare module '../database/schema.ts' {
  interface Schema {
    changes: ChangesTable
  }
}

interface ChangesTable {
  revision: number
  committed_at: number
  records_json: string
}

/** Changes per call at most. */
const CHANGES_MAX = 1_000

/** The newest revision; 0 before the first change. */
export async function headRevision(db: Database): Promise<number> {
  const row = await db
    .selectFrom('changes')
    .select((eb) => eb.fn.max('revision').as('revision'))
    .executeTakeFirst()
  return row?.revision ?? 0
}

/**
 * Adds a change under the next revision. The transaction holds the write lock, so no other writer takes the same
 * revision.
 *
 * @returns the revision
 */
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
    // A reader that is ahead of the store followed another history, such as one before a backup was restored.
    return revision > (await headRevision(db)) ? 'pruned' : []
  }
  // Revisions have no gaps, so a missing next revision was pruned.
  if (oldest.revision !== revision + 1) return 'pruned'
  return rows.map((row) => ({
    revision: row.revision,
    atMs: row.committed_at,
    records: JSON.parse(row.records_json) as readonly FeedRecord[],
  }))
}

/**
 * Deletes changes committed before `beforeMs`, oldest first, but never the newest. Pruning stops at the first change
 * that is young enough, so the remaining revisions have no gaps even if the clock went back.
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
