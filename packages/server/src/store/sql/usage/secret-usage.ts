import type { KeyId } from '@sallyport/core'
import { sql } from 'kysely'
import type { JsonRows } from '../../database/json-rows.ts'
import type { Database } from '../../database/schema.ts'
import type { UsageRow } from '../../port/usage.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    secret_usage: SecretUsageTable
  }
}

/**
 * Usage counters of secrets. They change every second, so they are kept apart from the secrets, which the snapshot and
 * writers read. No foreign key starts here, so counting never waits for a writer.
 */
interface SecretUsageTable {
  organization: string
  key_id: string
  sequence: number
  requests: number
  last_used_at: number
  last_used_address: string | null
}

/** A refusal with one of these codes is not a use of the secret, which no longer counts. */
export const ENDED_CODES: ReadonlySet<string> = new Set([
  'key_inactive',
  'key_expired',
  'key_outdated',
  'key_deleted',
])

interface SecretUse {
  readonly keyId: KeyId
  readonly sequence: number
  requests: number
  lastUsedAtMs: number
  lastUsedAddress: string | null
}

/** When external keys were last used, by organization and key, so that all processes write in the same order. */
function externalUses(
  rows: readonly UsageRow[],
): readonly [organization: string, keyId: string, atMs: number][] {
  const latest = new Map<string, [string, string, number]>()
  for (const { organization, isExternal, keyId, lastUsedAtMs } of rows) {
    if (keyId === null || !isExternal) continue
    const name = `${organization} ${keyId}`
    const before = latest.get(name)?.[2] ?? -Infinity
    latest.set(name, [organization, keyId, Math.max(before, lastUsedAtMs)])
  }
  return [...latest.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, use]) => use)
}

/** Records the last uses of external keys. One that the organization has no longer is ignored. */
export async function recordExternalUses(
  tx: Database,
  rows: readonly UsageRow[],
  jsonRows: JsonRows,
): Promise<void> {
  const uses = externalUses(rows)
  if (uses.length === 0) return
  const used = jsonRows(JSON.stringify(uses), {
    organization: 'text',
    key_id: 'text',
    last_used_at: 'bigint',
  })
  await sql`
    insert into external_key_usage (organization, key_id, last_used_at)
    select known.organization, known.key_id, json_rows.last_used_at
    from ${used} cross join external_keys as known
    where known.organization = json_rows.organization and known.key_id = json_rows.key_id
    order by known.organization, known.key_id
    on conflict (organization, key_id) do update set
      last_used_at = case when excluded.last_used_at >= external_key_usage.last_used_at
        then excluded.last_used_at else external_key_usage.last_used_at end
  `.execute(tx)
}

/** Adds up the rows of each secret, because one statement can update a counter only once. Sorted by key and secret. */
function secretUses(rows: readonly UsageRow[]): SecretUse[] {
  const bySecret = new Map<string, SecretUse>()
  for (const { keyId, secretSequence, code, requests, lastUsedAtMs, lastUsedAddress } of rows) {
    if (keyId === null || ENDED_CODES.has(code)) continue
    const name = `${keyId} ${secretSequence}`
    const use = bySecret.get(name)
    if (use === undefined) {
      bySecret.set(name, { keyId, sequence: secretSequence, requests, lastUsedAtMs, lastUsedAddress })
      continue
    }
    use.requests += requests
    if (lastUsedAtMs < use.lastUsedAtMs) continue
    use.lastUsedAtMs = lastUsedAtMs
    use.lastUsedAddress = lastUsedAddress
  }
  // All processes update counters in the same order, so that they cannot deadlock.
  return [...bySecret.values()].sort((a, b) =>
    a.keyId === b.keyId ? a.sequence - b.sequence : a.keyId < b.keyId ? -1 : 1,
  )
}

/** Adds to the counters of secrets. A secret that no longer exists is ignored. */
export async function addSecretUsage(
  tx: Database,
  rows: readonly UsageRow[],
  jsonRows: JsonRows,
): Promise<void> {
  const uses = secretUses(rows)
  if (uses.length === 0) return
  const values = uses.map((use) => [
    use.keyId,
    use.sequence,
    use.requests,
    use.lastUsedAtMs,
    use.lastUsedAddress,
  ])
  const used = jsonRows(JSON.stringify(values), {
    key_id: 'text',
    sequence: 'bigint',
    requests: 'bigint',
    last_used_at: 'bigint',
    last_used_address: 'text',
  })
  // Cross joins, because SQLite then begins with the counters. It would otherwise read all secrets there are.
  await sql`
    insert into secret_usage (organization, key_id, sequence, requests, last_used_at, last_used_address)
    select known.organization, known.key_id, known.sequence,
      json_rows.requests, json_rows.last_used_at, json_rows.last_used_address
    from ${used} cross join keys cross join secrets as known
    where keys.id = json_rows.key_id and known.organization = keys.organization
      and known.key_id = keys.id and known.sequence = json_rows.sequence
    order by known.key_id, known.sequence
    on conflict (organization, key_id, sequence) do update set
      requests = secret_usage.requests + excluded.requests,
      last_used_at = case when excluded.last_used_at >= secret_usage.last_used_at
        then excluded.last_used_at else secret_usage.last_used_at end,
      last_used_address = case when excluded.last_used_at >= secret_usage.last_used_at
        then excluded.last_used_address else secret_usage.last_used_address end
  `.execute(tx)
}
