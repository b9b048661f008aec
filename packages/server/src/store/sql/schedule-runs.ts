import { pageOf, placeAfter } from '../database/cursors.ts'
import type { ScheduleRunReader, ScheduleRunRow } from '../port/schedule-runs.ts'
import type { Database, ScheduleRunTable } from '../database/schema.ts'

function runRow(row: ScheduleRunTable): ScheduleRunRow {
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
      const before = placeAfter(page, ['number', 'number'])
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
 * Takes a due time; whether it was still to be had. Who comes second waits for the first one's commit and then adds
 * nothing.
 *
 * @throws Problem `conflict` when the environment or the pipeline is gone
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

/** Notes how a run came out; one whose pipeline was removed meanwhile is passed over. */
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

/** Forgets runs that were due before that time. */
export async function pruneScheduleRuns(tx: Database, beforeMs: number): Promise<void> {
  await tx.deleteFrom('schedule_runs').where('due_at', '<', beforeMs).execute()
}
