import type { KeyId } from '@sallyport/core'
import type { Database } from '../../database/schema.ts'
import type { KeyDeadline, SecretRow } from '../../port/keys.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    key_deadlines: KeyDeadlinesTable
  }
}

/** Each row is removed when it is due, so that it is told once. */
interface KeyDeadlinesTable {
  organization: string
  key_id: string
  kind: KeyDeadline['kind']
  due_at: number
}

const HOUR_MS = 3_600_000
/** How long before its end a key is said to expire, in ms: 30 days. */
const EXPIRING_MS = 30 * 24 * HOUR_MS
/** How long before the end of an old secret it is checked whether the secret is still used, in ms. */
const OLD_SECRET_MS = HOUR_MS

async function replaceDeadlines(
  db: Database,
  organization: string,
  keyId: KeyId,
  kinds: readonly KeyDeadline['kind'][],
  deadlines: readonly Pick<KeyDeadline, 'kind' | 'dueAtMs'>[],
): Promise<void> {
  await db
    .deleteFrom('key_deadlines')
    .where('organization', '=', organization)
    .where('key_id', '=', keyId)
    .where('kind', 'in', kinds)
    .execute()
  if (deadlines.length === 0) return
  await db
    .insertInto('key_deadlines')
    .values(deadlines.map(({ kind, dueAtMs }) => ({ organization, key_id: keyId, kind, due_at: dueAtMs })))
    .execute()
}

/** Replaces the deadlines that follow from the expiry of a key. @param expiresAtMs null for none */
export async function replaceExpiry(
  db: Database,
  organization: string,
  keyId: KeyId,
  expiresAtMs: number | null,
): Promise<void> {
  await replaceDeadlines(db, organization, keyId, ['expiring', 'expired'], expiryDeadlines(expiresAtMs))
}

/** The deadlines that follow from the expiry of a key. @param expiresAtMs null for none */
export function expiryDeadlines(
  expiresAtMs: number | null,
): readonly Pick<KeyDeadline, 'kind' | 'dueAtMs'>[] {
  if (expiresAtMs === null) return []
  return [
    { kind: 'expiring', dueAtMs: expiresAtMs - EXPIRING_MS },
    { kind: 'expired', dueAtMs: expiresAtMs },
  ]
}

/**
 * Replaces the deadline that follows from a roll. A grace of an hour or less has none, because the old secret was in use
 * when the roll began.
 *
 * @param secrets oldest first
 */
export async function replaceRoll(
  db: Database,
  organization: string,
  keyId: KeyId,
  secrets: readonly SecretRow[],
): Promise<void> {
  const current = secrets.at(-1)
  // The secret before the current one can be that of an undone roll, which ended earlier.
  const dueAtMs = Math.max(...secrets.slice(0, -1).map((old) => old.expiresAtMs ?? -Infinity)) - OLD_SECRET_MS
  const isAfterRoll = current !== undefined && dueAtMs > current.createdAtMs
  await replaceDeadlines(
    db,
    organization,
    keyId,
    ['old-secret'],
    isAfterRoll ? [{ kind: 'old-secret', dueAtMs }] : [],
  )
}

/** Removes the deadlines of a key that is deleted. */
export async function removeDeadlines(db: Database, organization: string, keyId: KeyId): Promise<void> {
  await replaceDeadlines(db, organization, keyId, ['expiring', 'expired', 'old-secret'], [])
}

/** Takes the deadlines that have passed: at most `limit`, the earliest first. */
export async function takeDeadlines(
  db: Database,
  nowMs: number,
  limit: number,
): Promise<readonly KeyDeadline[]> {
  const due = await db
    .selectFrom('key_deadlines')
    .selectAll()
    .where('due_at', '<=', nowMs)
    .orderBy('due_at')
    .limit(limit)
    .execute()
  for (const { organization, key_id, kind } of due) {
    await db
      .deleteFrom('key_deadlines')
      .where('organization', '=', organization)
      .where('key_id', '=', key_id)
      .where('kind', '=', kind)
      .execute()
  }
  return due.map(({ organization, key_id, kind, due_at }) => ({
    organization,
    keyId: key_id as KeyId,
    kind,
    dueAtMs: due_at,
  }))
}
