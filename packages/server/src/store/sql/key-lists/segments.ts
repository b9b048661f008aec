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
  /** Only rows up to this one, but no further than the segments. */
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

/** The rows of one segment without an order, in as many parts as it needs for each to be together in the index. */
function rowsOf(reading: Reading, segment: Segment): RawBuilder<unknown>[] {
  const { organization, relation, through, where } = reading
  const { table } = RELATIONS[relation]
  const begin = beginOf(reading, segment)
  if (begin === undefined) return []
  const common: Condition[] = [sql`organization = ${organization}`, sql`section = ${segment.section}`]
  // The index has no other rows.
  if (relation === 'rolling') common.push(sql`rolling_until > 0`)
  if (where !== undefined) common.push(where)
  const parts =
    through === undefined
      ? [[...begin, ...endOf(reading, segment)]]
      : partsThrough(begin, reading, segment, through)
  return parts.map(
    (part) => sql`from ${sql.table(table)} as listed where ${sql.join([...common, ...part], sql` and `)}`,
  )
}

/** Where the rows of a segment begin. Undefined if `after` is behind all of them. */
function beginOf(
  { relation, isDescending, after }: Reading,
  { low, high }: Segment,
): Condition[] | undefined {
  const { place } = RELATIONS[relation]
  if (after !== undefined) {
    const [isIn, isBehind] = isDescending
      ? [high === undefined || compare(after[0], high) < 0, low !== undefined && compare(after[0], low) < 0]
      : [low === undefined || compare(after[0], low) >= 0, high !== undefined && compare(after[0], high) >= 0]
    if (isBehind) return undefined
    // Instead of the first place: a database could begin at the wrong one of two.
    if (isIn)
      return [sql`(${sql.ref(place)}, id) ${sql.raw(isDescending ? '<' : '>')} (${after[0]}, ${after[1]})`]
  }
  if (isDescending) return high === undefined ? [] : [sql`${sql.ref(place)} < ${high}`]
  return low === undefined ? [] : [sql`${sql.ref(place)} >= ${low}`]
}

/** Where the rows of a segment end. */
function endOf({ relation, isDescending }: Reading, { low, high }: Segment): Condition[] {
  const place = sql.ref(RELATIONS[relation].place)
  if (isDescending) return low === undefined ? [] : [sql`${place} >= ${low}`]
  return high === undefined ? [] : [sql`${place} < ${high}`]
}

/**
 * The rows of a segment up to a position: those before its place, and those at its place. PostgreSQL does not end a scan at a
 * position among many rows with the same place, but reads all of them.
 */
function partsThrough(
  begin: readonly Condition[],
  reading: Reading,
  segment: Segment,
  [at, id]: Position,
): Condition[][] {
  const { relation, isDescending, after } = reading
  const { low, high } = segment
  const place = sql.ref(RELATIONS[relation].place)
  const [isBefore, isBehind] = isDescending
    ? [high !== undefined && compare(at, high) >= 0, low !== undefined && compare(at, low) < 0]
    : [low !== undefined && compare(at, low) < 0, high !== undefined && compare(at, high) >= 0]
  if (isBefore) return []
  if (isBehind) return [[...begin, ...endOf(reading, segment)]]
  const there = [
    sql<SqlBool>`${place} = ${at}`,
    sql<SqlBool>`id ${sql.raw(isDescending ? '>=' : '<=')} ${id}`,
  ]
  if (after !== undefined && compare(after[0], at) === 0) {
    return [[...there, sql`id ${sql.raw(isDescending ? '<' : '>')} ${after[1]}`]]
  }
  return [[...begin, sql`${place} ${sql.raw(isDescending ? '>' : '<')} ${at}`], there]
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
 * PostgreSQL would estimate how many rows there are, and read the whole table for so many.
 *
 * @param rowsMax how many rows of a segment are tested
 */
export function testedUnion(
  { through, ...reading }: Omit<Reading, 'where'>,
  segments: readonly Segment[],
  where: Condition,
  rowsMax: (segment: Segment) => number,
): RawBuilder<unknown> | undefined {
  const compared = sql.raw(reading.isDescending ? '>=' : '<=')
  const end =
    through === undefined ? sql`` : sql`where (place, id) ${compared} (${through[0]}, ${through[1]})`
  return unionOf(reading, segments, (rows, segment) => {
    const place = sql.ref(RELATIONS[reading.relation].place)
    const order = sql`${orderedBy(reading)} limit ${rowsMax(segment)}`
    return sql`select fits from (select id, ${place} as place, ${where} as fits ${rows} ${order}) as part ${end}`
  })
}

function unionOf(
  reading: Reading,
  segments: readonly Segment[],
  select: (rows: RawBuilder<unknown>, segment: Segment) => RawBuilder<unknown>,
): RawBuilder<unknown> | undefined {
  const parts = segments.flatMap((segment) => rowsOf(reading, segment).map((rows) => select(rows, segment)))
  return parts.length === 0 ? undefined : sql.join(parts, sql` union all `)
}
