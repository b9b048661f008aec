import { TARGET_FIELDS, type Target } from '@sallyport/core'
import { type RawBuilder, sql, type SqlBool } from 'kysely'

/** The columns that state the scope of a table's rows; left out where the rows have none. */
export type ScopeColumns = Readonly<Partial<Record<keyof Target, string>>>

/**
 * The condition that a row lies within one of the scopes. An actor can have thousands, so scopes with the same fields
 * become one `in`: SQLite takes seconds to plan as many conditions in an `or`, and refuses more than 1,000.
 */
export function isWithin(scopes: readonly Target[], columns: ScopeColumns): RawBuilder<SqlBool> {
  const byFields = Map.groupBy(scopes, (scope) =>
    TARGET_FIELDS.filter((field) => scope[field] !== undefined).join(' '),
  )
  const conditions = [...byFields.values()].flatMap((alike) => {
    const fields = TARGET_FIELDS.filter((field) => alike[0]?.[field] !== undefined)
    if (fields.length === 0) return [ALWAYS]
    const names = fields.flatMap((field) => columns[field] ?? [])
    // Rows without one of the columns lie in no such scope.
    if (names.length < fields.length) return []
    const [first] = alike
    if (first !== undefined && alike.length === 1) {
      const parts = fields.map((field, index) => sql`${sql.ref(names[index] ?? '')} = ${first[field]}`)
      return [sql<SqlBool>`(${sql.join(parts, sql` and `)})`]
    }
    const rows = alike.map((scope) => sql`(${sql.join(fields.map((field) => scope[field]))})`)
    return [sql<SqlBool>`(${sql.join(names.map((name) => sql.ref(name)))}) in (values ${sql.join(rows)})`]
  })
  return conditions.length === 0 ? NEVER : sql<SqlBool>`(${sql.join(conditions, sql` or `)})`
}

const NEVER = sql<SqlBool>`1 = 0`
const ALWAYS = sql<SqlBool>`1 = 1`
