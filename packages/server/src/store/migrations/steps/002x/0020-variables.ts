import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Variables of environments. Unlike secrets they are readable, so their values are stored as they are. */
export const variables: Migration = {
  number: 20,
  name: 'variables',
  async up(db, types) {
    const { name, text, integer, tableEnd } = types
    await table(db, 'environment_variables', {
      organization: name,
      id: name,
      environment: name,
      name,
      value: text,
      created_at: integer,
      updated_at: integer,
      updated_by: text,
    })
      .addPrimaryKeyConstraint('environment_variables_pkey', ['organization', 'id'])
      .addUniqueConstraint('environment_variables_name', ['organization', 'environment', 'name'])
      .addForeignKeyConstraint(
        'environment_variables_environment',
        ['organization', 'environment'],
        'environments',
        ['organization', 'name'],
      )
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('environment_variables_created')
      .on('environment_variables')
      .columns(['organization', 'environment', 'created_at', 'id'])
      .execute()
  },
}
