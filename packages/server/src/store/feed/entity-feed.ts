import type { FeedRecord, RecordKey } from '@sallyport/core'
import { type SelectQueryBuilder, sql } from 'kysely'
import type { Database, Schema } from '../database/schema.ts'
import { type LineColumn, Lines, lineText } from './lines.ts'
import { type RecordRange, groupByParent, inRange, isChildOfLoaded, sizeOf } from './record-range.ts'

/** The kind of a record that is made of a stored row. */
export type FeedKind = Exclude<FeedRecord['kind'], 'removed'>

/**
 * Loads the feed records of one entity. The snapshot and every change use the same feed, so a gateway that follows the
 * changes has the same records as one that loads a new snapshot.
 */
export interface EntityFeed {
  readonly kind: FeedKind
  /** Loads the records of a range, in order of organization and id. */
  load(db: Database, range: RecordRange): Promise<readonly FeedRecord[]>
}

interface FeedRows<Table extends keyof Schema, Row> {
  readonly kind: FeedKind
  /** The columns of a row's organization and of its id. Only `organizations` has one column for both. */
  readonly keyColumns: readonly [organization: string, id: string]
  /** Selects the columns that the record needs, without a range or an order. */
  readonly select: (db: Database) => SelectQueryBuilder<Schema, Table, Row>
}

/** Rows that are read as lines: there can be millions of them. */
interface LineRows<Table extends keyof Schema, Row> extends FeedRows<Table, LineColumn> {
  /** Reads a row from its line. */
  readonly read: (lines: Lines) => Row
}

interface ChildLines<Table extends keyof Schema, Child, Row> {
  /** Selects from a table whose `organization` is the parent's, without a range or an order. */
  readonly select: (db: Database) => SelectQueryBuilder<Schema, Table, LineColumn>
  /** Reads a child from its line. */
  readonly read: (lines: Lines) => Child
  /** The column of the parent's id. */
  readonly parentColumn: string
  /** The column that orders the children of one parent. */
  readonly orderColumn: string
  readonly isChildOf: (child: Child, parent: Row) => boolean
}

function rowsInRange<Table extends keyof Schema, Row>(
  { keyColumns: [organization, id], select }: FeedRows<Table, Row>,
  db: Database,
  range: RecordRange,
): SelectQueryBuilder<Schema, Table, Row> {
  const byOrganization = select(db)
    .where(inRange(range, organization, id))
    .orderBy(sql.ref(organization))
  const ordered = id === organization ? byOrganization : byOrganization.orderBy(sql.ref(id))
  return ordered.limit(sizeOf(range))
}

async function readLines<Table extends keyof Schema, Row>(
  db: Database,
  query: SelectQueryBuilder<Schema, Table, LineColumn>,
  read: (lines: Lines) => Row,
): Promise<readonly Row[]> {
  const lines = new Lines(await lineText(db, query))
  const rows: Row[] = []
  while (!lines.isDone) {
    rows.push(read(lines))
    lines.end()
  }
  return rows
}

/** The feed of an entity whose record comes from one row. */
export function entityFeed<Table extends keyof Schema, Row>(
  rows: FeedRows<Table, Row> & { readonly record: (row: Row) => FeedRecord },
): EntityFeed {
  return {
    kind: rows.kind,
    async load(db, range) {
      return (await rowsInRange(rows, db, range).execute()).map((row) => rows.record(row))
    },
  }
}

/** Loads what each of the parents has in other tables, in the order of the parents. */
export type LoadChildren<Row, Children> = (
  db: Database,
  parents: readonly Row[],
  range: RecordRange,
) => Promise<readonly Children[]>

/** The rows that each parent has in one table. */
export function childLines<Table extends keyof Schema, Child, Row extends RecordKey>({
  parentColumn,
  orderColumn,
  select,
  read,
  isChildOf,
}: ChildLines<Table, Child, Row>): LoadChildren<Row, readonly Child[]> {
  return async (db, parents, range) => {
    const children = select(db)
      .where(isChildOfLoaded(parents, range, 'organization', parentColumn))
      .orderBy(sql.ref('organization'))
      .orderBy(sql.ref(parentColumn))
      .orderBy(sql.ref(orderColumn))
    return groupByParent(parents, await readLines(db, children, read), isChildOf)
  }
}

/** The feed of an entity whose record comes from one row and its rows in other tables. */
export function entityFeedWithChildren<Table extends keyof Schema, Row extends RecordKey, Children>(
  rows: LineRows<Table, Row> & {
    readonly children: LoadChildren<Row, Children>
    readonly record: (row: Row, children: Children) => FeedRecord
  },
): EntityFeed {
  return {
    kind: rows.kind,
    async load(db, range) {
      const parents = await readLines(db, rowsInRange(rows, db, range), rows.read)
      const groups = await rows.children(db, parents, range)
      return parents.map((row, index) => {
        const children = groups[index]
        if (children === undefined)
          throw new Error(`the ${rows.kind} at ${index} was loaded without children`)
        return rows.record(row, children)
      })
    },
  }
}
