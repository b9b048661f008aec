import { type KeyId, keySection, WARNED_MS, wholeSecondMs } from '@sallyport/core'
import { sql } from 'kysely'
import type { Database } from '../../database/schema.ts'
import type { KeyAgePosition, LifetimeEnd, TakenEnds } from '../../port/keys/key-ages.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    key_age_ends: KeyAgeEndsTable
  }
}

/** How far the ends of the keys of a policy were told, in the order of the creation of their secrets. */
interface KeyAgeEndsTable {
  organization: string
  /** Of the policy. */
  id: string
  kind: LifetimeEnd['kind']
  /** The creation and the id of the last key. */
  through_at: number
  through_key: string
}

const DAY_MS = 24 * 60 * 60 * 1000
/** How many policies are looked at in one transaction. */
const POLICIES_TAKEN = 100
/** How long a new secret waits, in ms, so that one of a process whose clock is behind is not skipped. */
const SETTLED_MS = 60_000
const KINDS = ['expiring', 'expired'] as const
/** The order of a key id before, and after, all others. */
const [FIRST_KEY, LAST_KEY] = ['', '~']

interface Limited {
  readonly organization: string
  readonly id: string
}

/** A policy with a maximum. */
interface LimitingRow extends Limited {
  readonly environment: string | null
  readonly max_lifetime_days: number | null
  readonly updated_at: number
}

/** The creation of secrets whose end of this kind is due: at this time or earlier. In ms since 1970. */
function dueThroughMs(kind: LifetimeEnd['kind'], days: number, nowMs: number): number {
  const endedMs = wholeSecondMs(nowMs) - days * DAY_MS
  return kind === 'expired' ? endedMs : Math.min(endedMs + WARNED_MS, wholeSecondMs(nowMs - SETTLED_MS))
}

/**
 * Lets ends be told that follow from a new maximum. Keys that had already ended have been told of; each key that ends
 * within the next 30 days is told of again, because its end has changed.
 */
export async function restartEnds(
  db: Database,
  policy: Limited & { readonly maxLifetimeDays: number | null },
  nowMs: number,
): Promise<void> {
  const { organization, id, maxLifetimeDays } = policy
  const told = await toldThrough(db, policy)
  await removeToldEnds(db, organization, id)
  if (maxLifetimeDays === null) return
  const endedMs = dueThroughMs('expired', maxLifetimeDays, nowMs)
  await setTold(db, policy, 'expiring', [endedMs, LAST_KEY])
  const expired = told.get('expired')
  if (expired === undefined) return
  await setTold(db, policy, 'expired', expired[0] <= endedMs ? expired : [endedMs, LAST_KEY])
}

/**
 * Lets expiries within the next 30 days be told of again that came after the end of the lifetime before: a looser policy
 * can make them the end of their keys.
 *
 * @param daysBefore the maximum before
 */
export async function restartExpiries(
  db: Database,
  { organization, environment }: Pick<LimitingRow, 'organization' | 'environment'>,
  daysBefore: number,
  nowMs: number,
): Promise<void> {
  await db
    .insertInto('key_deadlines')
    .columns(['organization', 'key_id', 'kind', 'due_at'])
    .expression(
      db
        .selectFrom('key_index')
        .select(['organization', 'id', sql.lit('expiring').as('kind'), sql.lit(nowMs).as('due_at')])
        .where('organization', '=', organization)
        .where('section', 'in', sectionsOfPolicy(environment))
        .where('expires_at', '>', nowMs)
        .where('expires_at', '<=', nowMs + WARNED_MS)
        .where(sql<boolean>`secret_created_at + ${sql.lit(daysBefore * DAY_MS)} <= expires_at`),
    )
    .onConflict((conflict) => conflict.columns(['organization', 'key_id', 'kind']).doNothing())
    .execute()
}

/** The parts of the index with the keys of a policy. */
function sectionsOfPolicy(environment: string | null): readonly string[] {
  return (['secret', 'public'] as const).flatMap((type) =>
    [true, false].map((active) => keySection({ active, isDeleted: false, type, environment })),
  )
}

export async function removeToldEnds(db: Database, organization: string, id: string): Promise<void> {
  await db.deleteFrom('key_age_ends').where('organization', '=', organization).where('id', '=', id).execute()
}

/** Takes the ends that are due: at most `limit`. */
export async function takeEnds(
  db: Database,
  nowMs: number,
  limit: number,
  after: KeyAgePosition | undefined,
): Promise<TakenEnds> {
  const policies = await limitingPolicies(db, after)
  const ends: LifetimeEnd[] = []
  let through = after
  for (const policy of policies) {
    const told = await toldThrough(db, policy)
    for (const kind of KINDS) {
      const left = limit - ends.length
      if (left === 0) return { ends, through }
      ends.push(...(await takeOfPolicy(db, policy, kind, nowMs, left, told.get(kind))))
    }
    if (ends.length === limit) return { ends, through }
    through = policy
  }
  return { ends, through: policies.length === POLICIES_TAKEN ? through : undefined }
}

async function limitingPolicies(
  db: Database,
  after: KeyAgePosition | undefined,
): Promise<readonly LimitingRow[]> {
  let query = db
    .selectFrom('key_ages')
    .select(['organization', 'id', 'environment', 'max_lifetime_days', 'updated_at'])
    .where('max_lifetime_days', 'is not', null)
  if (after !== undefined) {
    const { organization, environment } = after
    query = query.where((eb) =>
      eb(eb.refTuple('organization', 'id'), '>', eb.tuple(organization, environment ?? '')),
    )
  }
  return await query.orderBy('organization').orderBy('id').limit(POLICIES_TAKEN).execute()
}

type Told = readonly [createdAtMs: number, keyId: string]

async function toldThrough(
  db: Database,
  { organization, id }: Limited,
): Promise<ReadonlyMap<LifetimeEnd['kind'], Told>> {
  const rows = await db
    .selectFrom('key_age_ends')
    .select(['kind', 'through_at', 'through_key'])
    .where('organization', '=', organization)
    .where('id', '=', id)
    .execute()
  return new Map(rows.map((row) => [row.kind, [row.through_at, row.through_key]]))
}

async function setTold(
  db: Database,
  { organization, id }: Limited,
  kind: LifetimeEnd['kind'],
  [through_at, through_key]: Told,
): Promise<void> {
  await db
    .insertInto('key_age_ends')
    .values({ organization, id, kind, through_at, through_key })
    .onConflict((conflict) =>
      conflict.columns(['organization', 'id', 'kind']).doUpdateSet({ through_at, through_key }),
    )
    .execute()
}

async function takeOfPolicy(
  db: Database,
  policy: LimitingRow,
  kind: LifetimeEnd['kind'],
  nowMs: number,
  limit: number,
  [afterMs, afterKey]: Told = [-1, FIRST_KEY],
): Promise<readonly LifetimeEnd[]> {
  const { organization, environment, max_lifetime_days: days } = policy
  if (days === null) return []
  const throughMs = dueThroughMs(kind, days, nowMs)
  const parts = sectionsOfPolicy(environment).map(
    (section) => sql`select * from (
      select id, secret_created_at from key_index
      where organization = ${organization} and section = ${section}
        and (secret_created_at, id) > (${afterMs}, ${afterKey}) and secret_created_at <= ${throughMs}
      order by secret_created_at, id limit ${limit}
    ) as part`,
  )
  const found = sql<{ id: string; secret_created_at: number }>`(${sql.join(parts, sql` union all `)})`
  const rows = await db
    .selectFrom(found.as('parts'))
    .selectAll()
    .orderBy('secret_created_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  const last = rows.at(-1)
  if (last === undefined) return []
  await setTold(db, policy, kind, [last.secret_created_at, last.id])
  return rows.map(({ id, secret_created_at }) => {
    const endsAtMs = secret_created_at + days * DAY_MS
    const sinceMs = kind === 'expired' ? endsAtMs : endsAtMs - WARNED_MS
    return { organization, keyId: id as KeyId, kind, dueAtMs: Math.max(sinceMs, policy.updated_at) }
  })
}
