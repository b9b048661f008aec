import { type RawBuilder, type SqlBool, sql } from 'kysely'

/** Where a thing stands in the order in which things are loaded: its organization, then its id or name. */
export interface FeedPlace {
  readonly organization: string
  readonly id: string
}

/** Which things to load: the next `limit` after a place, or those of one organization that are named. */
export type FeedRange =
  | { readonly after: FeedPlace | undefined; readonly limit: number }
  | { readonly organization: string; readonly ids: readonly string[] }

/** How many things of a range there can be. */
export function sizeOf(range: FeedRange): number {
  return 'ids' in range ? range.ids.length : range.limit
}

/** The condition that a row of a thing is in the range; `organization` and `id` name its columns. */
export function inRange(range: FeedRange, organization: string, id: string): RawBuilder<SqlBool> {
  const place = sql`${sql.ref(organization)}, ${sql.ref(id)}`
  if ('ids' in range) {
    return sql`(${sql.ref(organization)} = ${range.organization} and ${sql.ref(id)} in (${sql.join(range.ids)}))`
  }
  if (range.after === undefined) return sql`1 = 1`
  return sql`(${place}) > (${range.after.organization}, ${range.after.id})`
}

/**
 * The condition that a row belongs to one of the things that were loaded from a range. Those of a page lie side by
 * side, so that their ends cover them all; those that were named can lie far apart.
 */
export function belongsTo(
  things: readonly FeedPlace[],
  range: FeedRange,
  organization: string,
  id: string,
): RawBuilder<SqlBool> {
  const [first, last] = [things[0], things.at(-1)]
  if ('ids' in range || first === undefined || last === undefined) return inRange(range, organization, id)
  const [ownerColumn, idColumn] = [sql.ref(organization), sql.ref(id)]
  if (first.organization === last.organization) {
    return sql`(${ownerColumn} = ${first.organization} and ${idColumn} between ${first.id} and ${last.id})`
  }
  // Not a comparison of pairs at both ends: PostgreSQL would begin at the first, and read on to the end of the last
  // organization, since it does not see where to stop.
  return sql`(
    (${ownerColumn} = ${first.organization} and ${idColumn} >= ${first.id})
    or (${ownerColumn} > ${first.organization} and ${ownerColumn} < ${last.organization})
    or (${ownerColumn} = ${last.organization} and ${idColumn} <= ${last.id})
  )`
}

/**
 * Deals rows out to the things they belong to. Both are in order of organization and id, and every row belongs to one
 * of the things, so that one walk along both is enough.
 */
export function dealOut<Row>(
  things: readonly FeedPlace[],
  rows: readonly Row[],
  isOf: (row: Row, thing: FeedPlace) => boolean,
): readonly (readonly Row[])[] {
  let next = 0
  return things.map((thing) => {
    const dealt: Row[] = []
    for (let row = rows[next]; row !== undefined; row = rows[next]) {
      if (!isOf(row, thing)) break
      dealt.push(row)
      next += 1
    }
    return dealt
  })
}
