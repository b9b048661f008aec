import { type RawBuilder, sql, type SqlBool } from 'kysely'

export type Condition = RawBuilder<SqlBool>
/** Where a key is in the order of a relation. */
export type Place = number | string
export type Position = readonly [place: Place, id: string]

/** The places from `low` to before `high`; all from the first or to the last one if left out. */
export interface Range<At extends Place = Place> {
  readonly low?: At
  readonly high?: At
}

/** A part of a relation, whose rows are together in its index. */
export interface Segment extends Range {
  readonly section: string
}

/** Tables with an index on `organization`, `section`, the place and `id`. */
export const RELATIONS = {
  created: { table: 'key_index', place: 'created_at', type: 'number' },
  expires: { table: 'key_index', place: 'expires_at', type: 'number' },
  rolling: { table: 'key_index', place: 'rolling_until', type: 'number' },
  secretAge: { table: 'key_index', place: 'secret_created_at', type: 'number' },
  name: { table: 'key_index', place: 'name_order', type: 'string' },
  lastUse: { table: 'key_last_uses', place: 'use_order', type: 'number' },
  terms: { table: 'key_terms', place: 'term', type: 'string' },
} as const

export type Relation = keyof typeof RELATIONS

/** How a part of a relation is read. */
export interface Reading {
  readonly organization: string
  readonly relation: Relation
  readonly isDescending: boolean
  /** Only rows after this one. */
  readonly after?: Position | undefined
  /** Only rows up to this one. */
  readonly through?: Position | undefined
  /** A further condition on the row, which is called `listed`. */
  readonly where?: Condition | undefined
}

/** Compares places, or ids, as the databases do: texts by the bytes of UTF-8. */
function compare(one: Place, other: Place): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)))
}

export function comparePositions(one: Position, other: Position): number {
  return compare(one[0], other[0]) || compare(one[1], other[1])
}

/**
 * The rows of one segment, without an order. Each end is one condition, because a database could begin at the wrong one
 * of two. Undefined if there are none.
 */
function rowsOf(reading: Reading, { section, low, high }: Segment): RawBuilder<unknown> | undefined {
  const { organization, relation, isDescending, after, through, where } = reading
  const { table, place } = RELATIONS[relation]
  const [first, last] = isDescending ? [through, after] : [after, through]
  if (first !== undefined && high !== undefined && compare(first[0], high) >= 0) return undefined
  if (last !== undefined && low !== undefined && compare(last[0], low) < 0) return undefined
  const conditions: Condition[] = [sql`organization = ${organization}`, sql`section = ${section}`]
  if (first !== undefined && (low === undefined || compare(first[0], low) >= 0)) {
    conditions.push(positioned(place, isDescending ? '>=' : '>', first))
  } else if (low !== undefined) {
    conditions.push(sql`${sql.ref(place)} >= ${low}`)
  }
  if (last !== undefined && (high === undefined || compare(last[0], high) < 0)) {
    conditions.push(positioned(place, isDescending ? '<' : '<=', last))
  } else if (high !== undefined) {
    conditions.push(sql`${sql.ref(place)} < ${high}`)
  }
  // The index has no other rows.
  if (relation === 'rolling') conditions.push(sql`rolling_until > 0`)
  if (where !== undefined) conditions.push(where)
  return sql`from ${sql.table(table)} as listed where ${sql.join(conditions, sql` and `)}`
}

function positioned(place: string, operator: string, [at, id]: Position): Condition {
  return sql`(${sql.ref(place)}, id) ${sql.raw(operator)} (${at}, ${id})`
}

export function orderedBy({ isDescending }: Pick<Reading, 'isDescending'>): RawBuilder<unknown> {
  const direction = sql.raw(isDescending ? 'desc' : 'asc')
  return sql`order by place ${direction}, id ${direction}`
}

/** The ids and places of all segments, without an order. */
export function union(
  reading: Reading,
  segments: readonly Segment[],
  tail: (segment: Segment) => RawBuilder<unknown> = () => sql``,
): RawBuilder<unknown> | undefined {
  return unionOf(reading, segments, (rows, segment) => {
    const place = sql.ref(RELATIONS[reading.relation].place)
    return sql`select * from (select id, ${place} as place ${rows} ${tail(segment)}) as part`
  })
}

/**
 * Whether each of the first rows of all segments fulfils a condition, as `fits`. The rows are limited before they are tested:
 * PostgreSQL takes a comparison of positions for one of places alone, and would read the whole table for so many.
 *
 * @param rowsMax how many rows of a segment are tested
 */
export function testedUnion(
  reading: Omit<Reading, 'where'>,
  segments: readonly Segment[],
  where: Condition,
  rowsMax: (segment: Segment) => number,
): RawBuilder<unknown> | undefined {
  return unionOf(reading, segments, (rows, segment) => {
    const place = sql.ref(RELATIONS[reading.relation].place)
    const order = sql`${orderedBy(reading)} limit ${rowsMax(segment)}`
    return sql`select fits from (select id, ${place} as place, ${where} as fits ${rows} ${order}) as part`
  })
}

function unionOf(
  reading: Reading,
  segments: readonly Segment[],
  select: (rows: RawBuilder<unknown>, segment: Segment) => RawBuilder<unknown>,
): RawBuilder<unknown> | undefined {
  const parts = segments.flatMap((segment) => {
    const rows = rowsOf(reading, segment)
    return rows === undefined ? [] : [select(rows, segment)]
  })
  return parts.length === 0 ? undefined : sql.join(parts, sql` union all `)
}
