import { sql } from 'kysely'
import type { Migration } from '../../definition/migration.ts'

/** Runs that exclude others of their schedule, whether their process is alive, and due times that passed without one. */
export const scheduleOverlaps: Migration = {
  number: 31,
  name: 'schedule-overlaps',
  async up(db, { integer }) {
    for (const column of ['is_exclusive', 'beats', 'must_end', 'missed_before']) {
      await db.schema
        .alterTable('schedule_runs')
        .addColumn(column, integer, (definition) => definition.notNull().defaultTo(0))
        .execute()
    }
    // The database itself keeps two processes from running the same schedule at once.
    await sql`
      create unique index schedule_runs_exclusive on schedule_runs (organization, environment, pipeline, major)
      where finished_at is null and is_exclusive = 1
    `.execute(db)
  },
}
