import type { CreateTableBuilder, Kysely, RawBuilder } from 'kysely'

type Columns = Readonly<Record<string, RawBuilder<unknown>>>

/** Starts the definition of a table. Only the columns in `optional` may be null. */
export function table(
  db: Kysely<unknown>,
  name: string,
  required: Columns,
  optional: Columns = {},
): CreateTableBuilder<string, string> {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name)
  for (const [column, type] of Object.entries(required)) {
    builder = builder.addColumn(column, type, (definition) => definition.notNull())
  }
  for (const [column, type] of Object.entries(optional)) builder = builder.addColumn(column, type)
  return builder
}
