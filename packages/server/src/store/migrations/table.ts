import type { CreateTableBuilder, Kysely, RawBuilder } from 'kysely'

type Columns = Readonly<Record<string, RawBuilder<unknown>>>

/** A table whose columns are all required but for those in `optional`. */
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
