import { type RawBuilder, sql } from 'kysely'
import type { Counting } from '../../database/counting.ts'
import type { Database } from '../../database/schema.ts'
import type { RemovedCounters } from '../../feed/staged-change.ts'

const SECRET = { organization: 'text', key_id: 'text', sequence: 'bigint' } as const
const KEY = { organization: 'text', key_id: 'text' } as const

/**
 * Removes the counters of secrets and of external keys that were removed, and where the requests of rolls came from that have begun or
 * ended: what one roll has recorded is not shown for another. It comes after all other rows of a transaction, and locks rows in
 * the order in which the flush of usage writes them, table by table, so that the two cannot deadlock.
 */
export async function removeCounters(
  tx: Database,
  removed: readonly RemovedCounters[],
  { jsonRows, locksRows }: Counting,
): Promise<void> {
  const replaced = removed.flatMap(({ replacedSecrets }) => replacedSecrets)
  const secrets = replaced.flatMap(({ organization, keyId, removed: sequences }) =>
    sequences.map((sequence) => [organization, keyId, sequence]),
  )
  const externalKeys = removed.flatMap((each) =>
    each.externalKeys.map(({ organization, keyId }) => [organization, keyId]),
  )
  const rolled = replaced.map(({ organization, keyId }) => [organization, keyId])

  async function remove(
    table: RawBuilder<unknown>,
    columns: Parameters<typeof jsonRows>[1],
    keys: readonly (readonly unknown[])[],
    order: RawBuilder<unknown>,
  ): Promise<void> {
    if (keys.length === 0) return
    const rows = jsonRows(JSON.stringify(keys), columns)
    const names = sql.join(Object.keys(columns).map((column) => sql.ref(column)))
    const chosen = sql`(${names}) in (select ${names} from ${rows})`
    await Promise.all([
      // A deletion locks rows in the order in which it finds them.
      locksRows && sql`select 1 from ${table} where ${chosen} order by ${order} for update`.execute(tx),
      sql`delete from ${table} where ${chosen}`.execute(tx),
    ])
  }

  await remove(sql`secret_usage`, SECRET, secrets, sql`key_id, sequence`)
  await remove(sql`external_key_usage`, KEY, externalKeys, sql`organization, key_id`)
  await remove(sql`secret_sources`, KEY, rolled, sql`organization, key_id, sequence, kind, value`)
}
