import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/**
 * How many requests came to which pipelines: in all, by consumer, and by secret of a key. Each table has one row for an
 * interval, ordered by time, so that new rows and old ones that are deleted lie together. No foreign key starts here: what
 * was counted stays when a key or a pipeline is removed, and counting never waits for a writer.
 */
export const usage: Migration = {
  number: 10,
  name: 'usage',
  async up(db, types) {
    const { name, integer, tableEnd } = types
    // What all rows of a pipeline's version with the same outcome have in common.
    await table(db, 'usage_series', {
      organization: name,
      series: name,
      environment: name,
      project: name,
      pipeline: name,
      version: name,
      code: name,
      last_day_at: integer,
    })
      .addPrimaryKeyConstraint('usage_series_pkey', ['organization', 'series'])
      .modifyEnd(tableEnd)
      .execute()
    const counted = { organization: name, interval_ms: integer, starts_at: integer }
    await table(db, 'usage_totals', { ...counted, series: name, requests: integer })
      .addPrimaryKeyConstraint('usage_totals_pkey', ['organization', 'interval_ms', 'starts_at', 'series'])
      .modifyEnd(tableEnd)
      .execute()
    await table(db, 'usage_of_consumers', { ...counted, consumer: name, series: name, requests: integer })
      .addPrimaryKeyConstraint('usage_of_consumers_pkey', [
        'organization',
        'interval_ms',
        'starts_at',
        'consumer',
        'series',
      ])
      .modifyEnd(tableEnd)
      .execute()
    await table(db, 'usage_of_secrets', {
      ...counted,
      key_id: name,
      sequence: integer,
      series: name,
      requests: integer,
    })
      .addPrimaryKeyConstraint('usage_of_secrets_pkey', [
        'organization',
        'interval_ms',
        'starts_at',
        'key_id',
        'sequence',
        'series',
      ])
      .modifyEnd(tableEnd)
      .execute()
    // How many rows of each interval that is over the organization has, so that their number can be bounded.
    await table(db, 'usage_intervals', { ...counted, row_count: integer })
      .addPrimaryKeyConstraint('usage_intervals_pkey', ['organization', 'interval_ms', 'starts_at'])
      .modifyEnd(tableEnd)
      .execute()
  },
}
