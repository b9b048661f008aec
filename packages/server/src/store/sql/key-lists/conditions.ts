import { consumerTerm, labelFilterTerm, roleTerm, wordTerm } from '@sallyport/core'
import { sql, type SqlBool } from 'kysely'
import type { KeyFilter } from '../../port/key-lists.ts'
import { type FreshSections, isLimited, lifetimeConditions, onIndexRow } from './age-conditions.ts'
import { type Condition, type Range, type Relation, RELATIONS } from './segments.ts'
import { neverUsedOrder } from './tables.ts'

/** A term that a key must have. */
export interface TermCondition {
  readonly term: string
  /** Whether a term that begins with it is enough. */
  readonly isPrefix: boolean
}

/** The relations whose places filters limit. */
type Ranged = 'expires' | 'rolling' | 'lastUse' | 'secretAge'

/** What is left of a filter beside the sections that it chooses. */
export interface Conditions {
  readonly terms: readonly TermCondition[]
  /** Places of a key, by relation: it must be in one range of each. */
  readonly ranges: ReadonlyMap<Relation, readonly Range[]>
  /** A condition that no index serves, on a row called `listed`. */
  readonly further: Condition | undefined
}

/** No term has a character before the first one, or the last one. */
const [FIRST_CHARACTER, LAST_CHARACTER] = ['\u{1}', '\u{10ffff}']

export function termRange({ term, isPrefix }: TermCondition): Required<Range<string>> {
  return { low: term, high: term + (isPrefix ? LAST_CHARACTER : FIRST_CHARACTER) }
}

/**
 * @param filter without its freshness, which `fresh` is left of
 * @param fresh its sections are those of the list
 */
export function conditionsOf(filter: KeyFilter, fresh: FreshSections): Conditions {
  const { words = [], role, consumer, labels = [], state, expires, unusedSinceMs, isUsed, oldSecret } = filter
  const ranges = new Map<Ranged, readonly Range[]>()
  const limit = (relation: Ranged, ...allowed: readonly Range[]): void => {
    const known = ranges.get(relation)
    ranges.set(relation, known === undefined ? allowed : intersection(known, allowed))
  }
  // A key ends at its expiry, or before it by the age of its secret.
  const canAge = isLimited(fresh.sections)
  if (fresh.range !== undefined) limit('secretAge', fresh.range)
  if (state !== undefined) {
    const { is, atMs } = state
    if (is === 'expired' && !canAge) limit('expires', { high: atMs + 1 })
    if (is === 'active' || is === 'rolling') limit('expires', { low: atMs + 1 })
    if (is === 'active' && !canAge) limit('rolling', { high: atMs + 1 })
    if (is === 'rolling') limit('rolling', { low: atMs + 1 })
  }
  if (expires !== undefined) {
    limit('expires', { low: expires.afterMs + 1, ...(canAge ? {} : { high: expires.untilMs + 1 }) })
  }
  if (isUsed !== undefined) limit('lastUse', isUsed ? { low: 0 } : { high: 0 })
  if (unusedSinceMs !== undefined) {
    limit('lastUse', { high: neverUsedOrder(unusedSinceMs) + 1 }, { low: 0, high: unusedSinceMs + 1 })
  }
  if (oldSecret !== undefined) {
    limit('expires', { low: oldSecret.atMs + 1 })
    limit('rolling', { low: oldSecret.atMs + 1 })
  }
  return {
    terms: [
      ...words.map((word) => ({ term: wordTerm(word), isPrefix: true })),
      ...(role === undefined ? [] : [{ term: roleTerm(role), isPrefix: false }]),
      ...(consumer === undefined ? [] : [{ term: consumerTerm(consumer), isPrefix: false }]),
      ...labels.map(labelFilterTerm),
    ],
    ranges,
    further: both(
      oldSecret === undefined ? undefined : oldSecretCondition(oldSecret),
      onIndexRow([
        ...(fresh.condition === undefined ? [] : [fresh.condition]),
        ...(canAge ? lifetimeConditions(filter, fresh.sections) : []),
      ]),
    ),
  }
}

function both(one: Condition | undefined, other: Condition | undefined): Condition | undefined {
  return one === undefined || other === undefined ? (one ?? other) : sql`${one} and ${other}`
}

function intersection(some: readonly Range[], others: readonly Range[]): readonly Range[] {
  return some.flatMap((one) =>
    others.flatMap((other) => {
      const low = Math.max(Number(one.low ?? -Infinity), Number(other.low ?? -Infinity))
      const high = Math.min(Number(one.high ?? Infinity), Number(other.high ?? Infinity))
      if (low >= high) return []
      return [{ ...(low === -Infinity ? {} : { low }), ...(high === Infinity ? {} : { high }) }]
    }),
  )
}

/** Looks at the earlier of a rolling key's secrets, which is the one whose end is set. */
function oldSecretCondition({ isUsed, sinceMs, atMs }: NonNullable<KeyFilter['oldSecret']>): Condition {
  const use = sql`(
    select max(secret_usage.last_used_at) from secrets cross join secret_usage
    where secrets.organization = listed.organization and secrets.key_id = listed.id
      and secrets.expires_at > ${atMs}
      and secret_usage.organization = secrets.organization and secret_usage.key_id = secrets.key_id
      and secret_usage.sequence = secrets.sequence and secret_usage.last_used_at > ${sinceMs}
  )`
  return isUsed ? sql`${use} is not null` : sql`${use} is null`
}

/**
 * Tests one row by all conditions but those that its segment fulfils already.
 *
 * @param table of the row, which is called `listed`
 * @param met the term or the relation whose range the row was found by
 */
export function test(
  { terms, ranges, further }: Conditions,
  table: (typeof RELATIONS)[Relation]['table'],
  met: TermCondition | Relation | undefined,
): Condition | undefined {
  const byTable = {
    key_index: [] as Condition[],
    key_last_uses: [] as Condition[],
    key_terms: [] as Condition[],
  }
  for (const condition of terms) {
    if (condition === met) continue
    const { term, isPrefix } = condition
    byTable.key_index.push(sql`replace(terms, ${isPrefix ? ` ${term}` : ` ${term} `}, '') <> terms`)
  }
  for (const [relation, allowed] of ranges) {
    if (relation === met) continue
    const { table: owner, place } = RELATIONS[relation]
    // An expression leaves the choice of the index to the order of the list.
    const parts = allowed.map(({ low, high }) => {
      const ends: Condition[] = []
      if (low !== undefined) ends.push(sql`${sql.ref(place)} + 0 >= ${low}`)
      if (high !== undefined) ends.push(sql`${sql.ref(place)} + 0 < ${high}`)
      return ends.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`(${sql.join(ends, sql` and `)})`
    })
    byTable[owner].push(parts.length === 0 ? sql`1 = 0` : sql`(${sql.join(parts, sql` or `)})`)
  }
  const conditions = Object.entries(byTable).flatMap(([owner, own]) => {
    if (own.length === 0) return []
    const all = sql<SqlBool>`${sql.join(own, sql` and `)}`
    if (owner === table) return [all]
    // PostgreSQL could read the whole table for an `exists`, but looks up the row of a scalar subquery.
    return [
      sql<SqlBool>`(
        select 1 from ${sql.table(owner)} as other
        where other.organization = listed.organization and other.id = listed.id and ${all}
      ) = 1`,
    ]
  })
  if (further !== undefined) conditions.push(further)
  return conditions.length === 0 ? undefined : sql`${sql.join(conditions, sql` and `)}`
}
