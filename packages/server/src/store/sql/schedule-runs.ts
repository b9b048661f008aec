import type { ExpressionBuilder } from 'kysely'
import { pageOf, startAfter } from '../database/cursors.ts'
import type { Database, Schema } from '../database/schema.ts'
import type { RunState, ScheduleId, ScheduleRunReader, ScheduleRunRow } from '../port/schedule-runs.ts'

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
  /** 0 or 1, like `must_end`. */
  is_exclusive: number
  beats: number
  must_end: number
  missed_before: number
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
    isExclusive: row.is_exclusive === 1,
    missedBefore: row.missed_before,
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

    async standing(schedule, deploymentId, dueAtMs) {
      const deployment = await db
        .selectFrom('deployments')
        .select('created_at')
        .where('organization', '=', schedule.organization)
        .where('id', '=', deploymentId)
        .executeTakeFirst()
      const [last] = await db
        .selectFrom('schedule_runs')
        .select('due_at')
        .where(isOf(schedule))
        .where('due_at', '<', dueAtMs)
        .orderBy('due_at', 'desc')
        .limit(1)
        .execute()
      const taken = await db
        .selectFrom('schedule_runs')
        .select('due_at')
        .where(isOf(schedule))
        .where('due_at', '=', dueAtMs)
        .executeTakeFirst()
      const running = await db
        .selectFrom('schedule_runs')
        .select(['due_at', 'beats'])
        .where(isOf(schedule))
        .where('finished_at', 'is', null)
        .where('is_exclusive', '=', 1)
        .executeTakeFirst()
      return {
        deployedAtMs: deployment?.created_at ?? null,
        isTaken: taken !== undefined,
        lastDueAtMs: last?.due_at ?? null,
        running: running === undefined ? null : { dueAtMs: running.due_at, beats: running.beats },
      }
    },
  }
}

/** The runs of one schedule. */
function isOf({ organization, environment, pipeline, major }: ScheduleId) {
  return (eb: ExpressionBuilder<Schema, 'schedule_runs'>) =>
    eb.and({ organization, environment, pipeline, major })
}

/**
 * Claims a due time of a schedule, or records it as one that does not run. A concurrent claim of the same due time, or
 * of another one by an exclusive run, waits for the first one to commit, then inserts nothing.
 *
 * @returns whether this claim is the first, and no exclusive run is in its way
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
      is_exclusive: row.isExclusive ? 1 : 0,
      beats: 0,
      must_end: 0,
      missed_before: row.missedBefore,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (result.numInsertedOrUpdatedRows === 1n) return true
  return row.outcome === null && (await claimMissedRun(tx, row))
}

/** Claims a due time that was recorded as missed by a process whose clock was ahead. */
async function claimMissedRun(tx: Database, row: ScheduleRunRow): Promise<boolean> {
  const result = await tx
    .updateTable('schedule_runs')
    .set({
      started_at: row.startedAtMs,
      finished_at: null,
      outcome: null,
      is_exclusive: row.isExclusive ? 1 : 0,
      missed_before: row.missedBefore,
    })
    .where(isOf(row))
    .where('due_at', '=', row.dueAtMs)
    .where('outcome', '=', 'missed')
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Records how a run ended, unless it has ended already. A run whose pipeline has been removed is ignored. */
export async function finishScheduleRun(tx: Database, row: ScheduleRunRow): Promise<void> {
  await tx
    .updateTable('schedule_runs')
    .set({ finished_at: row.finishedAtMs, outcome: row.outcome })
    .where(isOf(row))
    .where('due_at', '=', row.dueAtMs)
    .where('finished_at', 'is', null)
    .execute()
}

/** Notes that the process of an exclusive run is alive. */
export async function beatScheduleRun(
  tx: Database,
  schedule: ScheduleId,
  dueAtMs: number,
): Promise<RunState> {
  const row = await tx
    .updateTable('schedule_runs')
    .set((eb) => ({ beats: eb('beats', '+', 1) }))
    .where(isOf(schedule))
    .where('due_at', '=', dueAtMs)
    .where('finished_at', 'is', null)
    .returning('must_end')
    .executeTakeFirst()
  if (row === undefined) return 'ended'
  return row.must_end === 1 ? 'ending' : 'running'
}

/** Asks the process of a run to end it. */
export async function askScheduleRunToEnd(
  tx: Database,
  schedule: ScheduleId,
  dueAtMs: number,
): Promise<void> {
  await tx
    .updateTable('schedule_runs')
    .set({ must_end: 1 })
    .where(isOf(schedule))
    .where('due_at', '=', dueAtMs)
    .where('finished_at', 'is', null)
    .execute()
}

/** Records that the process of a run has died, unless it has given a sign of life after `beats`. */
export async function abandonScheduleRun(
  tx: Database,
  schedule: ScheduleId,
  { dueAtMs, beats, finishedAtMs }: { dueAtMs: number; beats: number; finishedAtMs: number },
): Promise<void> {
  await tx
    .updateTable('schedule_runs')
    .set({ finished_at: finishedAtMs, outcome: 'interrupted' })
    .where(isOf(schedule))
    .where('due_at', '=', dueAtMs)
    .where('beats', '=', beats)
    .where('finished_at', 'is', null)
    .execute()
}

/**
 * Deletes runs that were due before `beforeMs`, but not the newest one of a schedule: it says from when on due times
 * can have been missed.
 */
export async function pruneScheduleRuns(tx: Database, beforeMs: number): Promise<void> {
  await tx
    .deleteFrom('schedule_runs as run')
    .where('run.due_at', '<', beforeMs)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('schedule_runs as newer')
          .select('newer.due_at')
          .whereRef('newer.organization', '=', 'run.organization')
          .whereRef('newer.environment', '=', 'run.environment')
          .whereRef('newer.pipeline', '=', 'run.pipeline')
          .whereRef('newer.major', '=', 'run.major')
          .whereRef('newer.due_at', '>', 'run.due_at'),
      ),
    )
    .execute()
}
