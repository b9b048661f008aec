import type { KeyId } from '@sallyport/core'
import { sql } from 'kysely'
import type { Database } from '../../database/schema.ts'
import { USAGE_INTERVALS, type RollUse, type SeenValue, type UsageRow } from '../../port/usage.ts'

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

type Seen = Omit<SecretSourcesTable, 'organization'>

/** The values of all rows, each once, in one order, so that processes cannot deadlock. */
function seenIn(rows: readonly UsageRow[]): Seen[] {
  const seen = new Map<string, Seen>()
  for (const { keyId, secretSequence, sources } of rows) {
    if (keyId === null) continue
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
  return [...seen].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each)
}

/** Adds where requests came from. A secret that no longer exists is ignored. */
export async function addSecretSources(tx: Database, rows: readonly UsageRow[]): Promise<void> {
  const seen = seenIn(rows)
  const secrets = new Map(seen.map(({ key_id, sequence }) => [`${key_id} ${sequence}`, { key_id, sequence }]))
  for (const { key_id, sequence } of secrets.values()) {
    const owner = await tx
      .selectFrom('keys')
      .innerJoin('secrets', (join) =>
        join.onRef('secrets.organization', '=', 'keys.organization').onRef('secrets.key_id', '=', 'keys.id'),
      )
      .select('keys.organization')
      .where('keys.id', '=', key_id as KeyId)
      .where('secrets.sequence', '=', sequence)
      .executeTakeFirst()
    if (owner === undefined) continue
    const { organization } = owner
    const own = seen.filter((one) => one.key_id === key_id && one.sequence === sequence)
    await tx
      .insertInto('secret_sources')
      .values(own.map((one) => ({ organization, ...one })))
      .onConflict((conflict) =>
        conflict.columns(['organization', 'key_id', 'sequence', 'kind', 'value']).doUpdateSet((eb) => ({
          requests: eb('secret_sources.requests', '+', eb.ref('excluded.requests')),
          last_used_at: sql<number>`case when excluded.last_used_at > secret_sources.last_used_at
            then excluded.last_used_at else secret_sources.last_used_at end`,
        })),
      )
      .execute()
    for (const kind of ['address', 'user-agent'] as const) {
      const old = await valuesOf(tx, organization, key_id, sequence, kind)
        .offset(VALUES_MAX)
        .limit(1_000)
        .execute()
      if (old.length === 0) continue
      await tx
        .deleteFrom('secret_sources')
        .where('organization', '=', organization)
        .where('key_id', '=', key_id)
        .where('sequence', '=', sequence)
        .where('kind', '=', kind)
        .where(
          'value',
          'in',
          old.map(({ value }) => value),
        )
        .execute()
    }
  }
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
export async function pruneSecretSources(tx: Database, nowMs: number): Promise<void> {
  await tx
    .deleteFrom('secret_sources')
    .where('last_used_at', '<', nowMs - KEPT_MS)
    .execute()
}
