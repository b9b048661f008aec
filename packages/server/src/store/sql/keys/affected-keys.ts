import { type KeyId, keySection } from '@sallyport/core'
import { sql } from 'kysely'
import type { Database } from '../../database/schema.ts'
import type { AffectedKeys, LifetimeChange } from '../../port/keys/key-ages.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Counting stops here: a million keys would take seconds, in which no other change could be made. */
const COUNTED_MAX = 10_000

/**
 * The keys that a new maximum lifetime ends earlier than before, among those that work now and are switched on. It reads
 * one index in its order.
 */
export async function affectedKeys(
  db: Database,
  { organization, environment, before, after, atMs }: LifetimeChange,
  limit: number,
): Promise<AffectedKeys> {
  if (after === null || (before !== null && before <= after))
    return { first: [], total: 0, isTotalExact: true }
  const afterMs = after * DAY_MS
  const sections = (['secret', 'public'] as const).map((type) =>
    keySection({ active: true, isDeleted: false, type, environment }),
  )
  const isLive = before === null ? sql`1 = 1` : sql`secret_created_at > ${atMs - before * DAY_MS}`
  const rowsOf = (section: string) => sql`
    from key_index
    where organization = ${organization} and section = ${section} and ${isLive}
      and expires_at > ${atMs} and expires_at > secret_created_at + ${sql.lit(afterMs)}
  `
  const parts = sections.map(
    (section) => sql`select * from (
      select id, secret_created_at ${rowsOf(section)} order by secret_created_at, id limit ${limit}
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
  const counts = sections.map(
    (section) => sql`select count(*) as keys from (
      select 1 as one ${rowsOf(section)} limit ${COUNTED_MAX + 1}
    ) as counted`,
  )
  const counted = await db
    .selectFrom(sql<{ keys: number }>`(${sql.join(counts, sql` union all `)})`.as('counts'))
    .selectAll()
    .execute()
  const count = counted.reduce((sum, { keys }) => sum + keys, 0)
  const named = await namesOf(
    db,
    organization,
    rows.map(({ id }) => id),
  )
  const first = rows.flatMap(({ id, secret_created_at }) => {
    const key = named.get(id)
    if (key === undefined) return []
    const { name, consumer } = key
    return [{ keyId: id as KeyId, name, consumer, endsAtMs: secret_created_at + afterMs }]
  })
  return { first, total: Math.min(count, COUNTED_MAX), isTotalExact: count <= COUNTED_MAX }
}

async function namesOf(db: Database, organization: string, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>()
  const rows = await db
    .selectFrom('keys')
    .select(['id', 'name', 'consumer'])
    .where('organization', '=', organization)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}
