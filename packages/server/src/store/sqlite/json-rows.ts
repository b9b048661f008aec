import { sql } from 'kysely'
import type { JsonRows } from '../database/json-rows.ts'

/** JSON functions of SQLite. Its values have their types already. */
export const jsonRows: JsonRows = (json, columns) => {
  const values = Object.keys(columns).map(
    (column, index) => sql`json_extract(value, ${sql.lit(`$[${index}]`)}) as ${sql.ref(column)}`,
  )
  return sql`(select ${sql.join(values)} from json_each(${json})) as json_rows`
}
