import { sql } from 'kysely'
import type { JsonRows } from '../database/json-rows.ts'

/** JSON functions of PostgreSQL. */
export const jsonRows: JsonRows = (json, columns) => {
  const values = Object.entries(columns).map(
    ([column, type], index) =>
      sql`cast(value ->> ${sql.lit(index)} as ${sql.raw(type)}) as ${sql.ref(column)}`,
  )
  return sql`(select ${sql.join(values)} from json_array_elements(cast(${json} as json))) as json_rows`
}
