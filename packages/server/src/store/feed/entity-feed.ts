import type { FeedRecord, RecordKey } from '@sallyport/core'
import { type SelectQueryBuilder, sql } from 'kysely'
import type { Database, Schema } from '../database/schema.ts'
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

interface ChildRows<Table extends keyof Schema, Child, Row> {
  /** Selects from a table whose `organization` is the parent's, without a range or an order. */
  readonly select: (db: Database) => SelectQueryBuilder<Schema, Table, Child>
  /** The column of the parent's id. */
  readonly parentColumn: string
  /** The column that orders the children of one parent. */
  readonly orderColumn: string
  readonly isChildOf: (child: Child, parent: Row) => boolean
}

async function loadRows<Table extends keyof Schema, Row>(
  { keyColumns: [organization, id], select }: FeedRows<Table, Row>,
  db: Database,
  range: RecordRange,
): Promise<readonly Row[]> {
  const byOrganization = select(db)
    .where(inRange(range, organization, id))
    .orderBy(sql.ref(organization))
  const ordered = id === organization ? byOrganization : byOrganization.orderBy(sql.ref(id))
  return await ordered.limit(sizeOf(range)).execute()
}

/** The feed of an entity whose record comes from one row. */
export function entityFeed<Table extends keyof Schema, Row>(
  rows: FeedRows<Table, Row> & { readonly record: (row: Row) => FeedRecord },
): EntityFeed {
  return {
    kind: rows.kind,
    async load(db, range) {
      return (await loadRows(rows, db, range)).map((row) => rows.record(row))
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
export function childRows<Table extends keyof Schema, Child, Row extends RecordKey>({
  parentColumn,
  orderColumn,
  select,
  isChildOf,
}: ChildRows<Table, Child, Row>): LoadChildren<Row, readonly Child[]> {
  return async (db, parents, range) => {
    const children = await select(db)
      .where(isChildOfLoaded(parents, range, 'organization', parentColumn))
      .orderBy(sql.ref('organization'))
      .orderBy(sql.ref(parentColumn))
      .orderBy(sql.ref(orderColumn))
      .execute()
    return groupByParent(parents, children, isChildOf)
  }
}

/** The feed of an entity whose record comes from one row and its rows in other tables. */
export function entityFeedWithChildren<Table extends keyof Schema, Row extends RecordKey, Children>(
  rows: FeedRows<Table, Row> & {
    readonly children: LoadChildren<Row, Children>
    readonly record: (row: Row, children: Children) => FeedRecord
  },
): EntityFeed {
  return {
    kind: rows.kind,
    async load(db, range) {
      const parents = await loadRows(rows, db, range)
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
