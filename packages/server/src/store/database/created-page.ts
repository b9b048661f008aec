import type { Target } from '@sallyport/core'
import { type RawBuilder, type SelectQueryBuilder, sql, type SqlBool } from 'kysely'
import type { Page, PageRequest } from '../port/paging.ts'
import { pageOf, startAfter } from './cursors.ts'
import type { Schema } from './schema.ts'

/** The column that orders rows created in the same millisecond. */
type TieBreaker = 'id' | 'name' | 'slug'

/** The columns that state the scope of a table's rows; left out where the rows have none. */
export type ScopeColumns = Readonly<Partial<Record<keyof Target, string>>>

/**
 * The condition that a row lies within one of the scopes. An actor can have thousands, so scopes with the same fields
 * become one `in`: SQLite takes seconds to plan as many conditions in an `or`, and refuses more than 1,000.
 */
export function isWithin(scopes: readonly Target[], columns: ScopeColumns): RawBuilder<SqlBool> {
  const byFields = Map.groupBy(scopes, (scope) =>
    FIELDS.filter((field) => scope[field] !== undefined).join(' '),
  )
  const conditions = [...byFields.values()].flatMap((alike) => {
    const fields = FIELDS.filter((field) => alike[0]?.[field] !== undefined)
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

const FIELDS = ['environment', 'project', 'pipeline'] as const
const NEVER = sql<SqlBool>`1 = 0`
const ALWAYS = sql<SqlBool>`1 = 1`

/**
 * Reads one page of a query's rows in order of creation, then by id, name or slug.
 *
 * @param query over one table, without an order
 * @param itemsOf turns the page's rows into its items
 * @param columns the scope of a row, for pages that `visible` narrows
 * @throws Problem `invalid_request` when the cursor does not belong to such a list
 */
export async function createdPage<
  Table extends keyof Schema,
  By extends TieBreaker,
  Row extends Readonly<Record<'created_at', number>> & Readonly<Record<By, string>>,
  Item,
>(
  query: SelectQueryBuilder<Schema, Table, Row>,
  page: PageRequest,
  tieBreaker: By,
  itemsOf: (rows: readonly Row[]) => readonly Item[] | Promise<readonly Item[]>,
  columns: ScopeColumns = {},
): Promise<Page<Item>> {
  const after = startAfter(page, ['number', 'string'])
  const [createdColumn, tieColumn] = [sql.ref('created_at'), sql.ref(tieBreaker)]
  const shown = page.visible === undefined ? query : query.where(isWithin(page.visible, columns))
  const rest =
    after === undefined
      ? shown
      : shown.where(sql<SqlBool>`(${createdColumn}, ${tieColumn}) > (${after[0]}, ${after[1]})`)
  const rows = await rest
    .orderBy(createdColumn)
    .orderBy(tieColumn)
    .limit(page.limit + 1)
    .execute()
  const { items, next } = pageOf(
    rows,
    page.limit,
    (row) => [row.created_at, row[tieBreaker]],
    (kept) => kept,
  )
  return { items: await itemsOf(items), next }
}
