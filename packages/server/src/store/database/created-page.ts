import { type SelectQueryBuilder, sql, type SqlBool } from 'kysely'
import { pageOf, placeAfter } from './cursors.ts'
import type { Schema } from './schema.ts'
import type { Page, PageRequest } from '../port/paging.ts'

/** What tells apart what was created in one millisecond. */
type Tie = 'id' | 'name' | 'slug'

/**
 * A page of what a query finds, in order of creation, ties by id or name.
 *
 * @param query over one table, in no order
 * @param itemsOf makes the page's items of its rows
 * @throws Problem `invalid_request` for a cursor that is not one of such a list
 */
export async function createdPage<
  Table extends keyof Schema,
  By extends Tie,
  Row extends Readonly<Record<'created_at', number>> & Readonly<Record<By, string>>,
  Item,
>(
  query: SelectQueryBuilder<Schema, Table, Row>,
  page: PageRequest,
  tie: By,
  itemsOf: (rows: readonly Row[]) => readonly Item[] | Promise<readonly Item[]>,
): Promise<Page<Item>> {
  const after = placeAfter(page, ['number', 'string'])
  const [created, tied] = [sql.ref('created_at'), sql.ref(tie)]
  const rest =
    after === undefined
      ? query
      : query.where(sql<SqlBool>`(${created}, ${tied}) > (${after[0]}, ${after[1]})`)
  const rows = await rest
    .orderBy(created)
    .orderBy(tied)
    .limit(page.limit + 1)
    .execute()
  const { items, next } = pageOf(
    rows,
    page.limit,
    (row) => [row.created_at, row[tie]],
    (kept) => kept,
  )
  return { items: await itemsOf(items), next }
}
