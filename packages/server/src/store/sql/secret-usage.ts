import { sql } from 'kysely'
import type { UsageRow } from '../port/usage.ts'
import type { Database } from '../database/schema.ts'

/** How many counters one statement adds to: five values each, far below what either database takes. */
const BATCH = 500

/** Adds up what was reported of the same secret, which one statement could not. Sorted by key and secret. */
function merged(rows: readonly UsageRow[]): UsageRow[] {
  const bySecret = new Map<string, UsageRow>()
  for (const row of rows) {
    const name = `${row.keyId} ${row.secretSequence}`
    const before = bySecret.get(name)
    const newer = before === undefined || row.lastUsedAtMs >= before.lastUsedAtMs ? row : before
    bySecret.set(name, { ...newer, requests: row.requests + (before?.requests ?? 0) })
  }
  // Every process adds in the same order, so that two of them can wait for each other but never both at once.
  return [...bySecret.values()].sort((a, b) =>
    a.keyId === b.keyId ? a.secretSequence - b.secretSequence : a.keyId < b.keyId ? -1 : 1,
  )
}

/** Adds to the counters of secrets. A secret that is no longer there is passed over. */
export async function addSecretUsage(tx: Database, rows: readonly UsageRow[]): Promise<void> {
  const counters = merged(rows)
  for (let start = 0; start < counters.length; start += BATCH) {
    const values = counters
      .slice(start, start + BATCH)
      .map(
        (row) =>
          sql`(cast(${row.keyId} as text), cast(${row.secretSequence} as bigint), cast(${row.requests} as bigint), cast(${row.lastUsedAtMs} as bigint), cast(${row.lastUsedAddress} as text))`,
      )
    // Both databases call the columns of a list of values column1, column2, … and neither name can be left out.
    await sql`
      insert into secret_usage (organization, key_id, sequence, requests, last_used_at, last_used_address)
      select secrets.organization, secrets.key_id, secrets.sequence, used.column3, used.column4, used.column5
      from (values ${sql.join(values)}) as used
      join keys on keys.id = used.column1
      join secrets on secrets.organization = keys.organization
        and secrets.key_id = keys.id and secrets.sequence = used.column2
      where true
      order by secrets.key_id, secrets.sequence
      on conflict (organization, key_id, sequence) do update set
        requests = secret_usage.requests + excluded.requests,
        last_used_at = case when excluded.last_used_at >= secret_usage.last_used_at
          then excluded.last_used_at else secret_usage.last_used_at end,
        last_used_address = case when excluded.last_used_at >= secret_usage.last_used_at
          then excluded.last_used_address else secret_usage.last_used_address end
    `.execute(tx)
  }
}
