import { randomBytes } from 'node:crypto'
import { Problem } from '@sallyport/core'
import type { Database } from '../../database/schema.ts'
import type { UsageRow } from '../../port/usage.ts'
import { rowsAsText, rowsOfText } from './logged-rows.ts'
import { mergedRows } from './merged-rows.ts'
import type { Transact } from './usage-retention.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    usage_log: UsageLogTable
  }
}

/** Counts that are stored, and that no sum has yet. */
interface UsageLogTable {
  /** Begins with the time, so that the oldest come first. */
  id: string
  /** 1 for counts that a fold has merged: they are ready to be added to the sums. */
  is_merged: number
  row_count: number
  rows_json: string
}

/** The counts that may wait for a fold: about 130 MB. Beyond that, gateways keep further ones in memory, where they merge. */
const LOGGED_MAX = 1_000_000
/** The counts that one fold merges at a time, so that it takes tens of milliseconds of its thread. */
const MERGED_MAX = 20_000
/** The counts that one transaction adds to the sums. Other writes take their turns between two of them. */
const ADDED_MAX = 250

/**
 * Stores counts in one row, whatever number of keys they have.
 *
 * @throws Problem `unavailable` when too many wait
 */
export async function logUsage(tx: Database, rows: readonly UsageRow[], atMs: number): Promise<void> {
  const { logged } = await tx
    .selectFrom('usage_log')
    .select((eb) => eb.fn.sum<number | string | null>('row_count').as('logged'))
    .executeTakeFirstOrThrow()
  if (Number(logged) + rows.length > LOGGED_MAX) {
    throw new Problem('unavailable', { detail: 'Too many counts of requests wait to be added to the sums.' })
  }
  await insertEntry(tx, rows, 0, atMs)
}

async function insertEntry(
  tx: Database,
  rows: readonly UsageRow[],
  isMerged: 0 | 1,
  atMs: number,
): Promise<void> {
  await tx
    .insertInto('usage_log')
    .values({
      id: `${String(atMs).padStart(16, '0')}-${randomBytes(8).toString('hex')}`,
      is_merged: isMerged,
      row_count: rows.length,
      rows_json: rowsAsText(rows),
    })
    .execute()
}

export interface FoldDeps {
  readonly reader: Database
  readonly transact: Transact
  /** Adds counts to the sums. */
  readonly add: (tx: Database, rows: readonly UsageRow[]) => Promise<void>
  readonly nowMs: number
  /** Ends the fold after its current transaction. */
  readonly signal: AbortSignal | undefined
}

/**
 * Adds to the sums what is logged now. Counts of the same key become one row first. Each step is a transaction that removes
 * what it takes, so that every count is added once, also if the process ends between two steps or another one folds as well.
 *
 * @throws AggregateError with what the database said of entries that it refuses: they stay in the log, and the others are added
 */
export async function foldUsage(deps: FoldDeps): Promise<void> {
  const refused: Refused = new Map()
  // What a fold that ended early has merged.
  await addMerged(deps, refused)
  const logged = await deps.reader
    .selectFrom('usage_log')
    .select(['id', 'row_count'])
    .where('is_merged', '=', 0)
    .orderBy('id')
    .execute()
  for (const ids of batchesOf(logged)) {
    if (deps.signal?.aborted === true) return
    await mergeEntries(deps, ids)
    await addMerged(deps, refused)
  }
  if (refused.size > 0)
    throw new AggregateError(
      refused.values(),
      `${refused.size} entries of counts cannot be added to the sums.`,
    )
}

/** The errors of entries that were not added, by their ids. */
type Refused = Map<string, unknown>

/** The ids of entries, in batches that are merged together. */
function* batchesOf(
  logged: readonly Pick<UsageLogTable, 'id' | 'row_count'>[],
): Generator<readonly string[]> {
  let ids: string[] = []
  let total = 0
  for (const { id, row_count } of logged) {
    if (ids.length > 0 && total + row_count > MERGED_MAX) {
      yield ids
      ids = []
      total = 0
    }
    ids.push(id)
    total += row_count
  }
  if (ids.length > 0) yield ids
}

/** Replaces entries by merged ones, unless another process has taken some of them. */
async function mergeEntries({ reader, transact, nowMs }: FoldDeps, ids: readonly string[]): Promise<void> {
  const entries = await reader.selectFrom('usage_log').select('rows_json').where('id', 'in', ids).execute()
  const rows = mergedRows(entries.flatMap(({ rows_json }) => rowsOfText(rows_json)))
  try {
    await transact(async (tx) => {
      const { numDeletedRows } = await tx
        .deleteFrom('usage_log')
        .where('id', 'in', ids)
        .executeTakeFirstOrThrow()
      if (Number(numDeletedRows) !== ids.length) throw new Problem('conflict')
      for (let start = 0; start < rows.length; start += ADDED_MAX) {
        await insertEntry(tx, rows.slice(start, start + ADDED_MAX), 1, nowMs)
      }
    })
  } catch (error) {
    // The other process folds those that it took, and the next fold the rest.
    if (!(error instanceof Problem && error.code === 'conflict')) throw error
  }
}

/** Adds the counts of merged entries to the sums, one entry in each transaction. Those that were refused are not tried again. */
async function addMerged({ reader, transact, add, signal }: FoldDeps, refused: Refused): Promise<void> {
  const merged = await reader
    .selectFrom('usage_log')
    .select('id')
    .where('is_merged', '=', 1)
    .orderBy('id')
    .execute()
  for (const { id } of merged) {
    if (signal?.aborted === true) return
    if (refused.has(id)) continue
    try {
      await transact(async (tx) => {
        const entry = await tx
          .deleteFrom('usage_log')
          .where('id', '=', id)
          .returning('rows_json')
          .executeTakeFirst()
        if (entry !== undefined) await add(tx, rowsOfText(entry.rows_json))
      })
    } catch (error) {
      // What keeps one entry from being added must not keep the others. Without a database, none can be.
      if (error instanceof Problem && error.code === 'unavailable') throw error
      refused.set(id, error)
    }
  }
}
