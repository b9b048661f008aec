import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Plans of environments, and the plan of each consumer by name: none at first. */
export const plans: Migration = {
  number: 33,
  name: 'plans',
  async up(db, types) {
    const { name, text, integer, tableEnd } = types
    await table(
      db,
      'plans',
      {
        organization: name,
        id: name,
        environment: name,
        name,
        rate_limits_json: text,
        created_at: integer,
        created_by: text,
      },
      { title: text, description: text },
    )
      .addPrimaryKeyConstraint('plans_pkey', ['organization', 'id'])
      .addUniqueConstraint('plans_name', ['organization', 'environment', 'name'])
      .addForeignKeyConstraint('plans_environment', ['organization', 'environment'], 'environments', [
        'organization',
        'name',
      ])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('plans_created')
      .on('plans')
      .columns(['organization', 'environment', 'created_at', 'id'])
      .execute()
    await db.schema.alterTable('consumers').addColumn('plan', name).execute()
    await db.schema
      .createIndex('consumers_of_plan')
      .on('consumers')
      .columns(['organization', 'environment', 'plan', 'created_at', 'id'])
      .execute()
  },
}
