import { type SelectQueryBuilder, sql, type SqlBool } from 'kysely'
import type { Page, PageRequest } from '../port/pages/paging.ts'
import { pageOf, startAfter } from './cursors.ts'
import type { Schema } from './schema.ts'
import { isWithin, type ScopeColumns } from './scope-condition.ts'

/** The column that orders rows created in the same millisecond. */
type TieBreaker = 'id' | 'name' | 'slug'

/**
 * Reads one page of a query's rows in order of creation, then by id, name or slug; all of it backwards if the newest come first.
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
  order: 'oldest-first' | 'newest-first' = 'oldest-first',
): Promise<Page<Item>> {
  const after = startAfter(page, ['number', 'string'])
  const isBackwards = order === 'newest-first'
  const direction = isBackwards ? 'desc' : 'asc'
  const [createdColumn, tieColumn] = [sql.ref('created_at'), sql.ref(tieBreaker)]
  const shown = page.visible === undefined ? query : query.where(isWithin(page.visible, columns))
  const rest =
    after === undefined
      ? shown
      : shown.where(
          sql<SqlBool>`(${createdColumn}, ${tieColumn}) ${isBackwards ? sql`<` : sql`>`} (${after[0]}, ${after[1]})`,
        )
  const rows = await rest
    .orderBy(createdColumn, direction)
    .orderBy(tieColumn, direction)
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
