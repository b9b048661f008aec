import { sql } from 'kysely'
import type { Migration } from '../../definition/migration.ts'

/** The title of a consumer, none at first, and an index to find a name in any case, which is ASCII. */
export const consumerTitles: Migration = {
  number: 32,
  name: 'consumer-titles',
  async up(db, { text }) {
    await db.schema.alterTable('consumers').addColumn('title', text).execute()
    await db.schema
      .createIndex('consumers_lower_name')
      .on('consumers')
      .columns(['organization', 'environment'])
      .expression(sql`lower(name)`)
      .execute()
  },
}
