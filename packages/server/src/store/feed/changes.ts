import type { FeedRecord } from '@sallyport/core'
import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import type { ChangesAnswer, FeedPosition } from '../port/feed.ts'
import { changeHash, FIRST_CHANGE_HASH } from './change-hash.ts'

declare module '../database/schema.ts' {
  interface Schema {
    changes: ChangesTable
  }
}

interface ChangesTable {
  revision: number
  committed_at: number
  records_json: string
  /** The hash of the change before this one. */
  previous_hash: string
  /** See `changeHash`. */
  hash: string
}

/** Changes per call at most. */
const CHANGES_MAX = 1_000

/** The newest change; revision 0 before the first one. */
export async function headPosition(db: Database): Promise<FeedPosition> {
  const row = await db
    .selectFrom('changes')
    .select(['revision', 'hash'])
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? { revision: 0, hash: FIRST_CHANGE_HASH }
}

/** The newest revision; 0 before the first change. */
export async function headRevision(db: Database): Promise<number> {
  return (await headPosition(db)).revision
}

/**
 * Adds a change under the next revision. The transaction holds the write lock, so no other writer takes the same
 * revision.
 *
 * @param head the newest change
 * @returns its position
 */
export async function appendChange(
  tx: Database,
  head: FeedPosition,
  records: readonly FeedRecord[],
  atMs: number,
): Promise<FeedPosition> {
  const revision = head.revision + 1
  const recordsJson = JSON.stringify(records)
  const hash = changeHash(head.hash, revision, atMs, recordsJson)
  await tx
    .insertInto('changes')
    .values({
      revision,
      committed_at: atMs,
      records_json: recordsJson,
      previous_hash: head.hash,
      hash,
    })
    .execute()
  return { revision, hash }
}

/** See `FeedSource.changesAfter`. */
export async function changesAfter(
  db: Database,
  revision: number,
  limit: number,
  hash?: string,
): Promise<ChangesAnswer> {
  const count = Math.min(limit, CHANGES_MAX)
  // The change at the reader's own revision is read for its hash only.
  const rows = await db
    .selectFrom('changes')
    .select(['revision', 'committed_at', 'previous_hash', 'hash'])
    .select(sql<string>`case when revision = ${revision} then '' else records_json end`.as('records_json'))
    .where('revision', '>=', revision)
    .orderBy('revision')
    .limit(count + 1)
    .execute()
  const oldest = rows[0]
  // The newest change is never pruned, so a reader without a row here is ahead of the database.
  if (oldest === undefined) return revision === 0 ? [] : 'forked'
  const isOwn = oldest.revision === revision
  // Revisions have no gaps, so a missing next revision was pruned.
  if (!isOwn && oldest.revision !== revision + 1) return 'pruned'
  if (hash !== undefined && hash !== (isOwn ? oldest.hash : oldest.previous_hash)) return 'forked'
  return rows.slice(isOwn ? 1 : 0, isOwn ? undefined : count).map((row) => ({
    revision: row.revision,
    hash: row.hash,
    atMs: row.committed_at,
    records: JSON.parse(row.records_json) as readonly FeedRecord[],
  }))
}

/**
 * Deletes changes committed before `beforeMs`, and those beyond the newest `keptMax`: oldest first, but never the newest.
 * Pruning stops at the first change that is young enough, so the remaining revisions have no gaps even if the clock went
 * back.
 */
export async function pruneChanges(db: Database, beforeMs: number, keptMax: number): Promise<void> {
  const firstKept = await db
    .selectFrom('changes')
    .select((eb) => eb.fn.min('revision').as('revision'))
    .where('committed_at', '>=', beforeMs)
    .executeTakeFirst()
  const head = await headRevision(db)
  const end = Math.max(firstKept?.revision ?? head, head - keptMax + 1)
  await db.deleteFrom('changes').where('revision', '<', end).execute()
}
