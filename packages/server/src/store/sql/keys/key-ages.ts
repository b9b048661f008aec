import { type KeyAge, type KeyAgeRecord, keyAgeId, NO_KEY_AGE } from '@sallyport/core'
import type { Database } from '../../database/schema.ts'
import { entityFeed } from '../../feed/entity-feed.ts'
import type { StagedChange } from '../../feed/staged-change.ts'
import type { KeyAgeReader, KeyAgeRow, KeyAgeWriter } from '../../port/keys/key-ages.ts'
import { affectedKeys } from './affected-keys.ts'
import { removeToldEnds, restartEnds, restartExpiries, takeEnds } from './lifetime-ends.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    key_ages: KeyAgesTable
  }
}

interface KeyAgesTable {
  organization: string
  /** Of `keyAgeId`. */
  id: string
  environment: string | null
  rotation_reminder_days: number | null
  max_lifetime_days: number | null
  version: number
  updated_at: number
  updated_by: string
}

export const KEY_AGES_FEED = entityFeed({
  kind: 'key-age',
  keyColumns: ['organization', 'id'],
  select: (db) => db.selectFrom('key_ages').select(['organization', 'environment', 'max_lifetime_days']),
  record: (row): KeyAgeRecord => ({
    kind: 'key-age',
    organization: row.organization,
    environment: row.environment,
    maxLifetimeDays: row.max_lifetime_days,
  }),
})

type AgeColumns = { readonly [Column in 'rotation_reminder_days' | 'max_lifetime_days']: number | null }

/** The rules in the columns of a policy, or of a key without one. */
export function keyAgeOf(row: AgeColumns): KeyAge {
  return {
    rotationReminderDays: row.rotation_reminder_days as KeyAge['rotationReminderDays'],
    maxLifetimeDays: row.max_lifetime_days,
  }
}

/** The rules of an organization's policies, by `keyAgeId`. */
export async function keyAgesOf(db: Database, organization: string): Promise<ReadonlyMap<string, KeyAge>> {
  const rows = await db
    .selectFrom('key_ages')
    .select(['id', 'rotation_reminder_days', 'max_lifetime_days'])
    .where('organization', '=', organization)
    .execute()
  return new Map(rows.map((row) => [row.id, keyAgeOf(row)]))
}

/** The rules for the keys of an environment, or for those without one (null). */
export async function keyAgeFor(
  db: Database,
  organization: string,
  environment: string | null,
): Promise<KeyAge> {
  return (await keyAgesOf(db, organization)).get(keyAgeId(environment)) ?? NO_KEY_AGE
}

export function keyAgeReader(db: Database): KeyAgeReader {
  return {
    async current(organization, environment) {
      const row = await db
        .selectFrom('key_ages')
        .selectAll()
        .where('organization', '=', organization)
        .where('id', '=', keyAgeId(environment))
        .executeTakeFirst()
      return row && keyAgeRow(row)
    },

    rules: (organization, environment) => keyAgeFor(db, organization, environment),

    affected: (change, limit) => affectedKeys(db, change, limit),
  }
}

function keyAgeRow(row: KeyAgesTable): KeyAgeRow {
  return {
    organization: row.organization,
    environment: row.environment,
    ...keyAgeOf(row),
    version: row.version,
    updatedAtMs: row.updated_at,
    updatedBy: row.updated_by,
  }
}

export function keyAgeWriter(db: Database, staged: StagedChange): KeyAgeWriter {
  const reader = keyAgeReader(db)
  return {
    ...reader,

    async put(row) {
      const { organization, environment, maxLifetimeDays } = row
      const before = await reader.current(organization, environment)
      const id = keyAgeId(environment)
      const columns = {
        rotation_reminder_days: row.rotationReminderDays,
        max_lifetime_days: maxLifetimeDays,
        version: row.version,
        updated_at: row.updatedAtMs,
        updated_by: row.updatedBy,
      }
      await db
        .insertInto('key_ages')
        .values({ organization, id, environment, ...columns })
        .onConflict((conflict) => conflict.columns(['organization', 'id']).doUpdateSet(columns))
        .execute()
      const daysBefore = before?.maxLifetimeDays ?? null
      if (daysBefore !== maxLifetimeDays) {
        await restartEnds(db, { organization, id, maxLifetimeDays }, row.updatedAtMs)
        if (daysBefore !== null) await restartExpiries(db, row, daysBefore, row.updatedAtMs)
      }
      staged.upsert(KEY_AGES_FEED, organization, id)
    },

    takeEnds: (nowMs, limit, after) => takeEnds(db, nowMs, limit, after),
  }
}

/** Removes the policy of an environment that is removed. */
export async function removeKeyAge(
  db: Database,
  staged: StagedChange,
  organization: string,
  environment: string,
): Promise<void> {
  const id = keyAgeId(environment)
  await removeToldEnds(db, organization, id)
  const { numDeletedRows } = await db
    .deleteFrom('key_ages')
    .where('organization', '=', organization)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (numDeletedRows > 0n) staged.remove(KEY_AGES_FEED, organization, id)
}
