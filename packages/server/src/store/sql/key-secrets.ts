import type { KeyId } from '@sallyport/core'
import type { SecretRow } from '../port/keys.ts'
import type { Database } from '../database/schema.ts'

/** The secrets of some keys of one organization with their use so far, by key, oldest first. */
export async function secretsOfKeys(
  db: Database,
  organization: string,
  keyIds: readonly string[],
): Promise<ReadonlyMap<string, readonly SecretRow[]>> {
  if (keyIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('secrets')
    .leftJoin('secret_usage', (join) =>
      join
        .onRef('secret_usage.organization', '=', 'secrets.organization')
        .onRef('secret_usage.key_id', '=', 'secrets.key_id')
        .onRef('secret_usage.sequence', '=', 'secrets.sequence'),
    )
    .select([
      'secrets.key_id',
      'secrets.sequence',
      'secrets.digest',
      'secrets.hint',
      'secrets.created_at',
      'secrets.expires_at',
      'secret_usage.requests',
      'secret_usage.last_used_at',
      'secret_usage.last_used_address',
    ])
    .where('secrets.organization', '=', organization)
    .where('secrets.key_id', 'in', keyIds)
    .orderBy('secrets.key_id')
    .orderBy('secrets.sequence')
    .execute()
  const byKey = new Map<string, SecretRow[]>()
  for (const row of rows) {
    const secret: SecretRow = {
      sequence: row.sequence,
      digest: row.digest,
      hint: row.hint,
      createdAtMs: row.created_at,
      expiresAtMs: row.expires_at,
      requests: row.requests ?? 0,
      lastUsedAtMs: row.last_used_at,
      lastUsedAddress: row.last_used_address,
    }
    const secrets = byKey.get(row.key_id)
    if (secrets === undefined) byKey.set(row.key_id, [secret])
    else secrets.push(secret)
  }
  return byKey
}

/**
 * Makes these the key's secrets. The use that the rows carry is what was read once, and counting has gone on since,
 * so it is never written back: a secret that stays keeps its counters, a new one starts without any.
 */
export async function putSecrets(
  db: Database,
  organization: string,
  keyId: KeyId,
  secrets: readonly SecretRow[],
): Promise<void> {
  const kept = secrets.map((secret) => secret.sequence)
  for (const table of ['secrets', 'secret_usage'] as const) {
    let gone = db.deleteFrom(table).where('organization', '=', organization).where('key_id', '=', keyId)
    if (kept.length > 0) gone = gone.where('sequence', 'not in', kept)
    await gone.execute()
  }
  if (secrets.length === 0) return
  await db
    .insertInto('secrets')
    .values(
      secrets.map((secret) => ({
        organization,
        key_id: keyId,
        sequence: secret.sequence,
        digest: secret.digest,
        hint: secret.hint,
        created_at: secret.createdAtMs,
        expires_at: secret.expiresAtMs,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['organization', 'key_id', 'sequence']).doUpdateSet((eb) => ({
        digest: eb.ref('excluded.digest'),
        hint: eb.ref('excluded.hint'),
        created_at: eb.ref('excluded.created_at'),
        expires_at: eb.ref('excluded.expires_at'),
      })),
    )
    .execute()
}
