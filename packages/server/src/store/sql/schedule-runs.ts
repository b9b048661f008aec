import { pageOf, startAfter } from '../database/cursors.ts'
import type { Database } from '../database/schema.ts'
import type { ScheduleRunReader, ScheduleRunRow } from '../port/schedule-runs.ts'

declare module '../database/schema.ts' {
  interface Schema {
    schedule_runs: ScheduleRunsTable
  }
}

/** The database deletes rows with their environment or pipeline (`on delete cascade`). */
interface ScheduleRunsTable {
  organization: string
  environment: string
  pipeline: string
  major: number
  due_at: number
  started_at: number
  finished_at: number | null
  outcome: string | null
}

function runRow(row: ScheduleRunsTable): ScheduleRunRow {
  return {
    organization: row.organization,
    environment: row.environment,
    pipeline: row.pipeline,
    major: row.major,
    dueAtMs: row.due_at,
    startedAtMs: row.started_at,
    finishedAtMs: row.finished_at,
    outcome: row.outcome,
  }
}

export function scheduleRunReader(db: Database): ScheduleRunReader {
  return {
    async list(organization, environment, pipeline, page) {
      const before = startAfter(page, ['number', 'number'])
      let query = db
        .selectFrom('schedule_runs')
        .selectAll()
        .where('organization', '=', organization)
        .where('environment', '=', environment)
        .where('pipeline', '=', pipeline)
      if (before !== undefined) {
        query = query.where((eb) => eb(eb.refTuple('due_at', 'major'), '<', eb.tuple(...before)))
      }
      const rows = await query
        .orderBy('due_at', 'desc')
        .orderBy('major', 'desc')
        .limit(page.limit + 1)
        .execute()
      return pageOf(
        rows,
        page.limit,
        (row) => [row.due_at, row.major],
        (kept) => kept.map(runRow),
      )
    },
  }
}

/**
 * Claims a due time of a schedule. A concurrent claim of the same due time waits for the first one to commit, then
 * inserts nothing.
 *
 * @returns whether this claim is the first
 * @throws Problem `conflict` when the environment or the pipeline no longer exists
 */
export async function claimScheduleRun(tx: Database, row: ScheduleRunRow): Promise<boolean> {
  const result = await tx
    .insertInto('schedule_runs')
    .values({
      organization: row.organization,
      environment: row.environment,
      pipeline: row.pipeline,
      major: row.major,
      due_at: row.dueAtMs,
      started_at: row.startedAtMs,
      finished_at: row.finishedAtMs,
      outcome: row.outcome,
    })
    .onConflict((conflict) =>
      conflict.columns(['organization', 'environment', 'pipeline', 'major', 'due_at']).doNothing(),
    )
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** Records how a run ended. A run whose pipeline has been removed is ignored. */
export async function finishScheduleRun(tx: Database, row: ScheduleRunRow): Promise<void> {
  await tx
    .updateTable('schedule_runs')
    .set({ finished_at: row.finishedAtMs, outcome: row.outcome })
    .where('organization', '=', row.organization)
    .where('environment', '=', row.environment)
    .where('pipeline', '=', row.pipeline)
    .where('major', '=', row.major)
    .where('due_at', '=', row.dueAtMs)
    .execute()
}

/** Deletes runs that were due before `beforeMs`. */
export async function pruneScheduleRuns(tx: Database, beforeMs: number): Promise<void> {
  await tx.deleteFrom('schedule_runs').where('due_at', '<', beforeMs).execute()
}
