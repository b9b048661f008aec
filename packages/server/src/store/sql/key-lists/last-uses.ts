import { sql } from 'kysely'
import type { JsonRows } from '../../database/json-rows.ts'
import type { Database } from '../../database/schema.ts'
import type { UsageRow } from '../../port/usage.ts'
import { ENDED_CODES } from '../usage/secret-usage.ts'

/**
 * Records when keys were used last. Rows are written after all others of a flush and in the order of their ids, so that
 * processes and writers of keys cannot deadlock.
 */
export async function recordKeyUses(
  tx: Database,
  rows: readonly UsageRow[],
  jsonRows: JsonRows,
): Promise<void> {
  const latest = new Map<string, number>()
  for (const { keyId, code, lastUsedAtMs } of rows) {
    if (keyId === null || ENDED_CODES.has(code)) continue
    latest.set(keyId, Math.max(lastUsedAtMs, latest.get(keyId) ?? 0))
  }
  if (latest.size === 0) return
  const used = jsonRows(JSON.stringify([...latest]), { id: 'text', last_used_at: 'bigint' })
  await sql`
    insert into key_last_uses (organization, id, section, use_order)
    select known.organization, known.id, known.section, json_rows.last_used_at
    from ${used} cross join keys cross join key_last_uses as known
    where keys.id = json_rows.id and known.organization = keys.organization and known.id = keys.id
      and known.use_order < json_rows.last_used_at
    order by known.id
    on conflict (organization, id) do update set use_order = excluded.use_order
    where key_last_uses.use_order < excluded.use_order
  `.execute(tx)
}
