import type { KeyId } from '@sallyport/core'
import { sql, type SqlBool } from 'kysely'
import { encodeCursor, startAfter } from '../../database/cursors.ts'
import type { Database } from '../../database/schema.ts'
import type { KeySelection } from '../../port/key-lists.ts'
import type { KeyPage } from '../../port/keys.ts'
import type { PageRequest } from '../../port/pages/paging.ts'
import { type Conditions, conditionsOf, termRange, type TermCondition, test } from './conditions.ts'
import { freshSections, withAge } from './age-conditions.ts'
import { keyAgesOf } from '../keys/key-ages.ts'
import { sectionsOf, type SizedSection } from './sections.ts'
import {
  comparePositions,
  type Condition,
  orderedBy,
  type Place,
  type Position,
  type Range,
  type Reading,
  type Relation,
  RELATIONS,
  type Segment,
  testedUnion,
  union,
} from './segments.ts'

/** What bounds the cost of a page. */
export interface ListLimits {
  /** Up to how many keys that fulfil one condition are counted. */
  readonly counted: number
  /** The most keys that are tested one by one because they fulfil one condition. */
  readonly candidates: number
  /** How many keys of an order are tested one by one for a page. */
  readonly tested: number
}

const LIMITS: ListLimits = { counted: 10_000, candidates: 2_000, tested: 2_000 }

/** Segments per statement: SQLite takes 500 parts of a union, and a segment can have two. */
const SEGMENTS_MAX = 100

/** The relation that lists are ordered by. */
const ORDERS = {
  createdAt: 'created',
  expiresAt: 'expires',
  lastUsedAt: 'lastUse',
  name: 'name',
} as const satisfies Record<string, Relation>

type ListedKeys = Omit<KeyPage, 'items'> & { readonly ids: readonly KeyId[] }
type Total = Pick<KeyPage, 'total' | 'isTotalExact'>

/**
 * Reads the ids of a page, by an index whatever the filter and the order:
 *
 * - A list without conditions beside its sections and its order is read in order.
 * - Otherwise, if few keys fulfil one of the conditions, these are tested and sorted.
 * - Otherwise keys are tested in order. Many of them match, or else the page ends early.
 */
export async function listedKeys(
  db: Database,
  organization: string,
  page: PageRequest,
  { filter = {}, order = { by: 'createdAt', isDescending: false } }: KeySelection,
  limits = LIMITS,
): Promise<ListedKeys> {
  const relation = ORDERS[order.by]
  const after = startAfter(page, [RELATIONS[relation].type, 'string']) as Position | undefined
  const ages = await keyAgesOf(db, organization)
  const sized = await sectionsOf(db, organization, filter, page.visible)
  const fresh = freshSections(
    sized.map((section) => withAge(section, ages)),
    filter.freshness,
  )
  const { sections } = fresh
  const conditions = conditionsOf(filter, fresh)
  const list: List = {
    db,
    sections,
    conditions,
    limits,
    limit: page.limit,
    reading: { organization, relation, isDescending: order.isDescending, after },
  }
  const isOrdered =
    conditions.terms.length === 0 &&
    conditions.further === undefined &&
    [...conditions.ranges.keys()].every((ranged) => ranged === relation)
  if (isOrdered) return await inOrder(list)
  const isSingle = conditions.terms.length + conditions.ranges.size === 1 && conditions.further === undefined
  const fewest = await fewestCandidates(list, isSingle ? limits.counted : limits.candidates)
  if (fewest !== undefined && fewest.rows <= limits.candidates) return await amongCandidates(list, fewest)
  const total = isSingle && fewest !== undefined ? totalOf(fewest, limits.counted) : undefined
  return await testedInOrder(list, total)
}

interface List {
  readonly db: Database
  readonly sections: readonly SizedSection[]
  readonly conditions: Conditions
  readonly limits: ListLimits
  readonly limit: number
  readonly reading: Reading
}

function segmentsOf(sections: readonly SizedSection[], ranges: readonly Range[] = [{}]): Segment[] {
  return sections.flatMap(({ section }) => ranges.map((range) => ({ ...range, section })))
}

interface Found {
  readonly id: string
  readonly place: Place
}

const positionOf = ({ place, id }: Found): Position => [place, id]

/** Reads the first rows of all segments, one more than the page has. */
async function firstRows(
  { db, limit }: List,
  reading: Reading,
  segments: readonly Segment[],
): Promise<readonly Found[]> {
  const order = orderedBy(reading)
  const found: Found[] = []
  for (const part of parts(segments)) {
    const rows = union(reading, part, () => sql`${order} limit ${limit + 1}`)
    if (rows === undefined) continue
    const read =
      await sql<Found>`select id, place from (${rows}) as parts ${order} limit ${limit + 1}`.execute(db)
    found.push(...read.rows)
  }
  return merged(reading, segments, found)
}

/** Orders what several statements have found. */
function merged({ isDescending }: Reading, segments: readonly Segment[], found: readonly Found[]) {
  if (segments.length <= SEGMENTS_MAX) return found
  const sign = isDescending ? -1 : 1
  return found.toSorted((one, other) => sign * comparePositions(positionOf(one), positionOf(other)))
}

function* parts(segments: readonly Segment[]): Generator<readonly Segment[]> {
  for (let start = 0; start < segments.length; start += SEGMENTS_MAX) {
    yield segments.slice(start, start + SEGMENTS_MAX)
  }
}

/** @param end where the page ends if it is not full; undefined if no other row follows */
function pageOf({ limit }: List, found: readonly Found[], end: Position | undefined) {
  const kept = found.slice(0, limit)
  const last = found.length > limit ? kept.at(-1) : undefined
  const next = last === undefined ? end : positionOf(last)
  return {
    ids: kept.map(({ id }) => id as KeyId),
    next: next === undefined ? null : encodeCursor(next),
  }
}

async function inOrder(list: List): Promise<ListedKeys> {
  const { reading, sections, conditions, limits } = list
  const ranges = conditions.ranges.get(reading.relation)
  const segments = segmentsOf(sections, ranges)
  const total =
    ranges === undefined
      ? { total: sections.reduce((sum, { keys }) => sum + keys, 0), isTotalExact: true }
      : totalOf(await count(list, { relation: reading.relation, segments }, limits.counted), limits.counted)
  return { ...pageOf(list, await firstRows(list, reading, segments), undefined), ...total }
}

/** Keys that fulfil one condition. */
interface Driver {
  readonly relation: Relation
  readonly segments: readonly Segment[]
  /** The term that they have; undefined for a range. */
  readonly term?: TermCondition
}

/** How many rows of the index a driver has, up to one more than was asked for, and how many keys these are. */
interface Size {
  readonly rows: number
  readonly keys: number
}

function totalOf({ rows, keys }: Size, max: number): Total {
  return rows > max
    ? { total: Math.min(keys, max), isTotalExact: false }
    : { total: keys, isTotalExact: true }
}

async function count(
  { db, reading }: List,
  { relation, segments, term }: Driver,
  max: number,
): Promise<Size> {
  const { organization } = reading
  // A key can have several words with the same beginning.
  const keys = term?.isPrefix === true ? sql`count(distinct id)` : sql`count(*)`
  const size = { rows: 0, keys: 0 }
  for (const part of parts(segments)) {
    const rows = union({ organization, relation, isDescending: false }, part)
    const left = max + 1 - size.rows
    if (rows === undefined || left <= 0) continue
    const read = await sql<Size>`
      select count(*) as rows, ${keys} as keys from (select id from (${rows}) as parts limit ${left}) as counted
    `.execute(db)
    size.rows += read.rows[0]?.rows ?? 0
    size.keys += read.rows[0]?.keys ?? 0
  }
  return size
}

function driversOf({ sections, conditions }: List): Driver[] {
  return [
    ...conditions.terms.map((term) => ({
      relation: 'terms' as const,
      segments: segmentsOf(sections, [termRange(term)]),
      term,
    })),
    ...[...conditions.ranges]
      // Only keys that were rolled are in the index.
      .filter(
        ([relation, ranges]) => relation !== 'rolling' || ranges.every(({ low = 0 }) => Number(low) > 0),
      )
      .map(([relation, ranges]) => ({ relation, segments: segmentsOf(sections, ranges) })),
  ]
}

/** The condition that the fewest keys fulfil, counted up to a maximum. */
async function fewestCandidates(list: List, max: number): Promise<(Driver & Size) | undefined> {
  let fewest: (Driver & Size) | undefined
  for (const driver of driversOf(list)) {
    const size = await count(list, driver, Math.min(max, fewest?.rows ?? max))
    if (fewest === undefined || size.rows < fewest.rows) fewest = { ...driver, ...size }
  }
  return fewest
}

/** Tests each candidate, and sorts those that match. */
async function amongCandidates(list: List, driver: Driver): Promise<ListedKeys> {
  const { db, conditions, reading, limits, limit } = list
  const { organization, relation, isDescending, after } = reading
  const { table, place } = RELATIONS[relation]
  const where = test(conditions, table, driver.term ?? driver.relation)
  const compared = sql.raw(isDescending ? '<' : '>')
  const rest = after === undefined ? sql`` : sql`where (place, id) ${compared} (${after[0]}, ${after[1]})`
  const found: Found[] = []
  let total = 0
  for (const part of parts(driver.segments)) {
    const some = union({ organization, relation: driver.relation, isDescending: false }, part)
    if (some === undefined) continue
    // A scalar subquery for each candidate: PostgreSQL could read the whole table for a join.
    const { rows } = await sql<{ total: number; id: string | null; place: Place | null }>`
      with candidates as materialized (select distinct id from (${some}) as parts limit ${limits.candidates}),
      tested as materialized (
        select candidates.id, (
          select ${sql.ref(`listed.${place}`)} from ${sql.table(table)} as listed
          where listed.organization = ${organization} and listed.id = candidates.id
          ${where === undefined ? sql`` : sql`and ${where}`}
        ) as place from candidates
      ),
      matched as materialized (select id, place from tested where place is not null),
      page as (select id, place from matched ${rest} ${orderedBy(reading)} limit ${limit + 1})
      select (select count(*) from matched) as total, page.id, page.place
      from (select 1 as one) as always left join page on 1 = 1 ${orderedBy(reading)}
    `.execute(db)
    total += rows[0]?.total ?? 0
    found.push(
      ...rows.flatMap(({ id, place: at }) => (id === null || at === null ? [] : [{ id, place: at }])),
    )
  }
  return { ...pageOf(list, merged(reading, driver.segments, found), undefined), total, isTotalExact: true }
}

/**
 * Tests keys in order.
 *
 * @param known the total, if it is known already
 */
async function testedInOrder(list: List, known: Total | undefined): Promise<ListedKeys> {
  const { conditions, reading, sections, limit } = list
  const { relation, after } = reading
  const where = test(conditions, RELATIONS[relation].table, relation) ?? sql<SqlBool>`1 = 1`
  const segments = segmentsOf(sections, conditions.ranges.get(relation))
  const through = await endOfReading(list, reading, segments)
  const found = await firstRows(list, { ...reading, through, where }, segments)
  const page = pageOf(list, found, through)
  if (known !== undefined) return { ...page, ...known }
  const isFirst = after === undefined
  // All that match are on the page.
  if (isFirst && found.length <= limit) {
    return { ...page, total: found.length, isTotalExact: through === undefined }
  }
  const first = { ...reading, after: undefined }
  const counted = isFirst ? through : await endOfReading(list, first, segments)
  const total = await countMatches(list, { ...first, through: counted }, segments, where)
  return { ...page, total, isTotalExact: counted === undefined }
}

/** @param reading up to where keys are tested, which is `endOfReading` */
async function countMatches(
  list: List,
  reading: Omit<Reading, 'where'>,
  segments: readonly Segment[],
  where: Condition,
): Promise<number> {
  let keys = 0
  for (const part of parts(segments)) {
    const rows = testedUnion(reading, part, where, ({ section }) => testedIn(list, section))
    if (rows === undefined) continue
    const read = await sql<{
      keys: number
    }>`select count(*) as keys from (${rows}) as parts where fits`.execute(list.db)
    keys += read.rows[0]?.keys ?? 0
  }
  return keys
}

/** How many keys of a section are tested: its part of those that are tested, but a page at least. */
function testedIn({ sections, limits, limit }: List, section: string): number {
  const all = sections.reduce((sum, { keys }) => sum + keys, 0)
  const own = sections.find((sized) => sized.section === section)?.keys ?? 0
  return Math.max(Math.ceil((limits.tested * own) / all), limit)
}

/**
 * The last row that a page may reach: each segment gets as many of the tested rows as its part of all keys.
 * Undefined if the page may read to the end.
 */
async function endOfReading(
  list: List,
  reading: Reading,
  segments: readonly Segment[],
): Promise<Position | undefined> {
  const tail = ({ section }: Segment) =>
    sql`${orderedBy(reading)} limit 1 offset ${testedIn(list, section) - 1}`
  const ends: Position[] = []
  for (const part of parts(segments)) {
    const rows = union(reading, part, tail)
    if (rows === undefined) continue
    const read = await sql<Found>`select id, place from (${rows}) as parts`.execute(list.db)
    ends.push(...read.rows.map(positionOf))
  }
  const sign = reading.isDescending ? -1 : 1
  return ends.toSorted((one, other) => sign * comparePositions(one, other))[0]
}
