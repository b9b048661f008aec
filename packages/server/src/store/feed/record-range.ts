import type { RecordKey } from '@sallyport/core'
import { type RawBuilder, type SqlBool, sql } from 'kysely'

/** The rows to load: the next `limit` after a key, or the rows of one organization with these ids. */
export type RecordRange =
  | { readonly after: RecordKey | undefined; readonly limit: number }
  | { readonly organization: string; readonly ids: readonly string[] }

/** The most rows that the range can have. */
export function sizeOf(range: RecordRange): number {
  return 'ids' in range ? range.ids.length : range.limit
}

/**
 * The condition that a row is in the range.
 *
 * @param organization the column of the row's organization
 * @param id the column of the row's id
 */
export function inRange(range: RecordRange, organization: string, id: string): RawBuilder<SqlBool> {
  const [organizationColumn, idColumn] = [sql.ref(organization), sql.ref(id)]
  if ('ids' in range) {
    return sql`(${organizationColumn} = ${range.organization} and ${idColumn} in (${sql.join(range.ids)}))`
  }
  if (range.after === undefined) return sql`1 = 1`
  return sql`(${organizationColumn}, ${idColumn}) > (${range.after.organization}, ${range.after.id})`
}

/**
 * The condition that a row is a child of one of the rows loaded from a range. The rows of a page are contiguous, so
 * their first and last keys bound the children; rows loaded by id can be far apart.
 *
 * @param organization the column of the child's organization
 * @param parent the column of the parent's id
 */
export function isChildOfLoaded(
  loaded: readonly RecordKey[],
  range: RecordRange,
  organization: string,
  parent: string,
): RawBuilder<SqlBool> {
  const [first, last] = [loaded[0], loaded.at(-1)]
  if ('ids' in range || first === undefined || last === undefined) return inRange(range, organization, parent)
  const [organizationColumn, parentColumn] = [sql.ref(organization), sql.ref(parent)]
  if (first.organization === last.organization) {
    return sql`(${organizationColumn} = ${first.organization} and ${parentColumn} between ${first.id} and ${last.id})`
  }
  // Two comparisons of pairs would be shorter, but PostgreSQL uses only the lower one as an index bound and then reads
  // to the end of the last organization.
  return sql`(
    (${organizationColumn} = ${first.organization} and ${parentColumn} >= ${first.id})
    or (${organizationColumn} > ${first.organization} and ${organizationColumn} < ${last.organization})
    or (${organizationColumn} = ${last.organization} and ${parentColumn} <= ${last.id})
  )`
}

/**
 * Groups children by parent, in one pass. Both lists must be in order of organization and id, and each child must
 * belong to one of the parents.
 *
 * @returns the children of each parent, in the order of `parents`
 */
export function groupByParent<Parent, Child>(
  parents: readonly Parent[],
  children: readonly Child[],
  isChildOf: (child: Child, parent: Parent) => boolean,
): readonly (readonly Child[])[] {
  let next = 0
  return parents.map((parent) => {
    const group: Child[] = []
    for (let child = children[next]; child !== undefined; child = children[next]) {
      if (!isChildOf(child, parent)) break
      group.push(child)
      next += 1
    }
    return group
  })
}
