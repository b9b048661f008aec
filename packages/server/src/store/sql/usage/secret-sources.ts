import type { KeyId } from '@sallyport/core'
import { type RawBuilder, sql } from 'kysely'
import type { Counting } from '../../database/counting.ts'
import type { Database } from '../../database/schema.ts'
import { USAGE_INTERVALS, type RollUse, type SeenValue, type UsageRow } from '../../port/usage.ts'
import { ENDED_CODES } from './secret-usage.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    secret_sources: SecretSourcesTable
  }
}

/** The last values that requests with a secret of a rolling key had. */
interface SecretSourcesTable {
  organization: string
  key_id: string
  sequence: number
  kind: 'address' | 'user-agent'
  value: string
  requests: number
  last_used_at: number
}

/** The values of each kind that a secret keeps. */
const VALUES_MAX = 20
/** Longer than the longest grace of a roll, in ms: after that, values are deleted. */
const KEPT_MS = 31 * USAGE_INTERVALS.day

const COLUMNS = {
  key_id: 'text',
  sequence: 'bigint',
  kind: 'text',
  value: 'text',
  requests: 'bigint',
  last_used_at: 'bigint',
} as const

/** The columns of the primary key. */
const KEY = sql.join(['organization', 'key_id', 'sequence', 'kind', 'value'].map((column) => sql.ref(column)))

type Seen = Omit<SecretSourcesTable, 'organization'>

/** The values of all rows, each once. */
function seenIn(rows: readonly UsageRow[]): Seen[] {
  const seen = new Map<string, Seen>()
  for (const { keyId, secretSequence, code, sources } of rows) {
    if (keyId === null || ENDED_CODES.has(code)) continue
    for (const { address, userAgent, requests, lastUsedAtMs } of sources) {
      const values = [['address', address] as const, ['user-agent', userAgent] as const]
      for (const [kind, value] of values) {
        if (value === null) continue
        const name = JSON.stringify([keyId, secretSequence, kind, value])
        const known = seen.get(name)
        seen.set(name, {
          key_id: keyId,
          sequence: secretSequence,
          kind,
          value,
          requests: requests + (known?.requests ?? 0),
          last_used_at: Math.max(lastUsedAtMs, known?.last_used_at ?? 0),
        })
      }
    }
  }
  return [...seen.values()]
}

/**
 * Adds where requests came from, and deletes the oldest values of these secrets. A secret that no longer exists is
 * ignored. Rows are written in the order of their keys, and none that another transaction has is deleted, so that processes cannot
 * deadlock.
 */
export async function addSecretSources(
  tx: Database,
  rows: readonly UsageRow[],
  { jsonRows, locksRows }: Counting,
): Promise<void> {
  const seen = seenIn(rows)
  if (seen.length === 0) return
  const values = seen.map((one) => Object.keys(COLUMNS).map((column) => one[column as keyof Seen]))
  const used = jsonRows(JSON.stringify(values), COLUMNS)
  // Cross joins, because SQLite then begins with the values.
  await sql`
    insert into secret_sources (organization, key_id, sequence, kind, value, requests, last_used_at)
    select secrets.organization, secrets.key_id, secrets.sequence, json_rows.kind, json_rows.value,
      json_rows.requests, json_rows.last_used_at
    from ${used} cross join keys cross join secrets
    where keys.id = json_rows.key_id and secrets.organization = keys.organization
      and secrets.key_id = keys.id and secrets.sequence = json_rows.sequence
    order by secrets.organization, secrets.key_id, secrets.sequence, json_rows.kind, json_rows.value
    on conflict (organization, key_id, sequence, kind, value) do update set
      requests = secret_sources.requests + excluded.requests,
      last_used_at = case when excluded.last_used_at > secret_sources.last_used_at
        then excluded.last_used_at else secret_sources.last_used_at end
  `.execute(tx)
  const secrets = [...new Map(seen.map((one) => [`${one.key_id} ${one.sequence}`, one])).values()]
  const touched = jsonRows(JSON.stringify(secrets.map(({ key_id, sequence }) => [key_id, sequence])), {
    key_id: 'text',
    sequence: 'bigint',
  })
  // And here with the secrets.
  const surplus = sql`
      select organization, key_id, sequence, kind, value from (
        select known.organization, known.key_id, known.sequence, known.kind, known.value, row_number() over (
          partition by known.organization, known.key_id, known.sequence, known.kind
          order by known.last_used_at desc, known.value
        ) as place
        from ${touched} cross join keys cross join secret_sources as known
        where keys.id = json_rows.key_id and known.organization = keys.organization
          and known.key_id = json_rows.key_id and known.sequence = json_rows.sequence
      ) as known_values where place > ${VALUES_MAX}
  `
  await deleteSources(tx, sql`(${KEY}) in (${surplus})`, locksRows)
}

/** Deletes values. Those that another transaction has locked stay until the next time. */
async function deleteSources(tx: Database, which: RawBuilder<unknown>, locksRows: boolean): Promise<void> {
  const free = sql`(${KEY}) in (select ${KEY} from secret_sources where ${which} for update skip locked)`
  await sql`delete from secret_sources where ${locksRows ? free : which}`.execute(tx)
}

function valuesOf(
  db: Database,
  organization: string,
  keyId: string,
  sequence: number,
  kind: SecretSourcesTable['kind'],
) {
  return db
    .selectFrom('secret_sources')
    .select(['value', 'requests', 'last_used_at'])
    .where('organization', '=', organization)
    .where('key_id', '=', keyId)
    .where('sequence', '=', sequence)
    .where('kind', '=', kind)
    .orderBy('last_used_at', 'desc')
    .orderBy('value')
}

/** Reads the use of each secret of a key. */
export async function rollUses(
  db: Database,
  organization: string,
  keyId: KeyId,
  nowMs: number,
): Promise<readonly RollUse[]> {
  const secrets = await db
    .selectFrom('secrets')
    .select('sequence')
    .where('organization', '=', organization)
    .where('key_id', '=', keyId)
    .orderBy('sequence')
    .execute()
  const partners = await db
    .selectFrom('external_keys')
    .select('organization')
    .where('owner', '=', organization)
    .where('key_id', '=', keyId)
    .execute()
  const organizations = [organization, ...partners.map((partner) => partner.organization)]
  const { minute, hour } = USAGE_INTERVALS
  const thisMinuteMs = nowMs - (nowMs % minute)
  const minutes = Array.from({ length: hour / minute + 1 }, (_, index) => thisMinuteMs - index * minute)
  const counted = await db
    .selectFrom('usage_of_secrets')
    .select(['sequence', (eb) => eb.fn.sum<number | string>('requests').as('requests')])
    .where('organization', 'in', organizations)
    .where('interval_ms', '=', minute)
    .where('starts_at', 'in', minutes)
    .where('key_id', '=', keyId)
    .groupBy('sequence')
    .execute()
  const lastHour = new Map(counted.map(({ sequence, requests }) => [sequence, Number(requests)]))
  return await Promise.all(
    secrets.map(async ({ sequence }) => {
      const values = async (kind: SecretSourcesTable['kind']): Promise<readonly SeenValue[]> => {
        const rows = await valuesOf(db, organization, keyId, sequence, kind).limit(VALUES_MAX).execute()
        return rows.map(({ value, requests, last_used_at }) => ({
          value,
          requests,
          lastUsedAtMs: last_used_at,
        }))
      }
      return {
        sequence,
        requestsLastHour: lastHour.get(sequence) ?? 0,
        addresses: await values('address'),
        userAgents: await values('user-agent'),
      }
    }),
  )
}

/** Deletes values that no roll needs any more. */
export async function pruneSecretSources(tx: Database, nowMs: number, locksRows: boolean): Promise<void> {
  await deleteSources(tx, sql`last_used_at < ${nowMs - KEPT_MS}`, locksRows)
}
