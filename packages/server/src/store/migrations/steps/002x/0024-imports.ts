import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Imports of keys, and the lines of their files that are not worked off yet. */
export const imports: Migration = {
  number: 24,
  name: 'imports',
  async up(db, { name, text, integer, tableEnd }) {
    await table(
      db,
      'imports',
      {
        organization: name,
        id: name,
        state: name,
        created_at: integer,
        created_by: name,
        read_lines: integer,
        made: integer,
        problem_count: integer,
        problems_json: text,
      },
      { confirmed_at: integer, credential_ends_at: integer, line_count: integer, ended_at: integer },
    )
      .addPrimaryKeyConstraint('imports_pkey', ['organization', 'id'])
      .addForeignKeyConstraint('imports_organization', ['organization'], 'organizations', ['slug'])
      .modifyEnd(tableEnd)
      .execute()
    await table(db, 'import_chunks', {
      organization: name,
      import: name,
      bucket: integer,
      number: integer,
      lines_json: text,
    })
      .addPrimaryKeyConstraint('import_chunks_pkey', ['organization', 'import', 'bucket', 'number'])
      .addForeignKeyConstraint('import_chunks_import', ['organization', 'import'], 'imports', [
        'organization',
        'id',
      ])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('imports_list')
      .on('imports')
      .columns(['organization', 'created_at', 'id'])
      .execute()
    await db.schema.createIndex('imports_of_state').on('imports').columns(['state', 'created_at']).execute()
  },
}
