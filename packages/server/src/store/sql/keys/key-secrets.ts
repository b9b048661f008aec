import { type KeyId, type SecretRecord, SECRETS_PER_KEY_MAX, wholeSecondMs } from '@sallyport/core'
import { sql } from 'kysely'
import type { Database } from '../../database/schema.ts'
import { columns, line, type Lines, unlessUsual } from '../../feed/lines.ts'
import type { SecretRow } from '../../port/keys.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    secrets: SecretsTable
  }
}

interface SecretsTable {
  organization: string
  key_id: string
  sequence: number
  digest: string
  hint: string
  created_at: number
  expires_at: number | null
}

/**
 * 1 for the secret of a token that was issued elsewhere, else 0. The hint of one of our tokens has the key's id after
 * `sp_sk_`; that of an imported token is the importer's own text.
 */
const IS_FOREIGN = sql<number>`case when substr(hint, 7, 16) <> substr(key_id, 5, 16) then 1 else 0 end`

/** The same for a secret that is not read. Like the database, it counts characters by code points. */
function isForeign(keyId: KeyId, hint: string): boolean {
  // Of the 22 characters that count, each takes at most two units.
  const hinted = Array.from(hint.slice(0, 44)).slice(6, 22).join('')
  return hinted !== keyId.slice(4, 20)
}

const IS_USUAL = sql<boolean>`expires_at is null and substr(hint, 7, 16) = substr(key_id, 5, 16)`

const LINE = line(
  ...columns('key_id', 'sequence', 'digest', 'created_at'),
  unlessUsual(IS_USUAL, IS_FOREIGN, ...columns('expires_at')),
)

/** The secrets of a key, as children of its feed row. Key ids are globally unique, so the organization is not read. */
export const KEY_SECRET_CHILDREN = {
  select: (db: Database) => db.selectFrom('secrets').select(LINE.as('line')),
  read: readSecret,
  parentColumn: 'key_id',
  orderColumn: 'sequence',
  isChildOf: (secret: { readonly key_id: string }, key: { readonly id: string }) => secret.key_id === key.id,
}

type SecretFeedRow = Pick<SecretsTable, 'sequence' | 'digest' | 'created_at' | 'expires_at'> & {
  readonly is_foreign: boolean
}

function readSecret(lines: Lines): SecretFeedRow & Pick<SecretsTable, 'key_id'> {
  const key_id = lines.field()
  const sequence = lines.number()
  const digest = lines.field()
  const created_at = lines.number()
  const isUsual = lines.skipUsual()
  return {
    key_id,
    sequence,
    digest,
    created_at,
    is_foreign: !isUsual && lines.number() === 1,
    expires_at: isUsual ? null : lines.numberOrNull(),
  }
}

/** A new secret as the feed would read it. */
export function secretFeedRow(
  keyId: KeyId,
  { sequence, digest, hint, createdAtMs, expiresAtMs }: SecretRow,
): SecretFeedRow {
  return {
    sequence,
    digest,
    created_at: createdAtMs,
    expires_at: expiresAtMs,
    is_foreign: isForeign(keyId, hint),
  }
}

/**
 * The secrets of a key record: the newest `SECRETS_PER_KEY_MAX`.
 *
 * @param secrets oldest first
 */
export function secretRecords(secrets: readonly SecretFeedRow[]): readonly SecretRecord[] {
  return newestOf(secrets).map((row) => ({
    sequence: row.sequence,
    digest: row.digest,
    expiresAtMs: row.expires_at,
    createdAtMs: wholeSecondMs(row.created_at),
  }))
}

/** Whether the token of one of these secrets, oldest first, was issued elsewhere, and still counts. */
export function hasForeignToken(secrets: readonly SecretFeedRow[]): boolean {
  return newestOf(secrets).some((row) => row.is_foreign)
}

function newestOf(secrets: readonly SecretFeedRow[]): readonly SecretFeedRow[] {
  return secrets.length > SECRETS_PER_KEY_MAX ? secrets.slice(-SECRETS_PER_KEY_MAX) : secrets
}

/** Reads the secrets of one organization's keys with their usage counters, by key, oldest first. */
export async function secretsOfKeys(
  db: Database,
  organization: string,
  keyIds: readonly string[],
): Promise<ReadonlyMap<string, readonly SecretRow[]>> {
  if (keyIds.length === 0) return new Map()
  const rows = await secretsWithCounters(db)
    .where('secrets.organization', '=', organization)
    .where('secrets.key_id', 'in', keyIds)
    .orderBy('secrets.key_id')
    .orderBy('secrets.sequence')
    .execute()
  const byKey = Map.groupBy(rows, ({ key_id }) => key_id)
  return new Map([...byKey].map(([id, ofKey]) => [id, ofKey.map(secretRow)]))
}

/** Reads the secrets of a key of any organization, oldest first. */
export async function secretsOfKey(db: Database, keyId: KeyId): Promise<readonly SecretRow[]> {
  const rows = await secretsWithCounters(db)
    .where('keys.id', '=', keyId)
    .orderBy('secrets.sequence')
    .execute()
  return rows.map(secretRow)
}

/** Key ids are unique in the whole installation, and have an index of their own. */
function secretsWithCounters(db: Database) {
  return db
    .selectFrom('keys')
    .innerJoin('secrets', (join) =>
      join.onRef('secrets.organization', '=', 'keys.organization').onRef('secrets.key_id', '=', 'keys.id'),
    )
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
}

function secretRow(
  row: Omit<SecretsTable, 'organization'> & {
    readonly requests: number | null
    readonly last_used_at: number | null
    readonly last_used_address: string | null
  },
): SecretRow {
  return {
    sequence: row.sequence,
    digest: row.digest,
    hint: row.hint,
    createdAtMs: row.created_at,
    expiresAtMs: row.expires_at,
    requests: row.requests ?? 0,
    lastUsedAtMs: row.last_used_at,
    lastUsedAddress: row.last_used_address,
  }
}

/**
 * Replaces the key's secrets. The counters in `secrets` may be older than the stored ones, so they are not written: a
 * secret that stays keeps its stored counters, and a new one starts at zero.
 *
 * @returns the numbers of the secrets that were removed; `removeCounters` removes their counters
 */
export async function putSecrets(
  db: Database,
  organization: string,
  keyId: KeyId,
  secrets: readonly SecretRow[],
): Promise<readonly number[]> {
  const kept = secrets.map((secret) => secret.sequence)
  let deletion = db.deleteFrom('secrets').where('organization', '=', organization).where('key_id', '=', keyId)
  if (kept.length > 0) deletion = deletion.where('sequence', 'not in', kept)
  const rows = await deletion.returning('sequence').execute()
  const removed = rows.map(({ sequence }) => sequence)
  if (secrets.length === 0) return removed
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
  return removed
}
