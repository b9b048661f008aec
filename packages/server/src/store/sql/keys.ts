import { endedIfCreatedByMs, type KeyId, type KeyType, Problem } from '@sallyport/core'
import { sql } from 'kysely'
import { requireUpdated } from '../database/affected-rows.ts'
import { labelsFromJson, rateLimitsFromJson, textsFromJson, toJson } from '../database/json-columns.ts'
import type { JsonRows } from '../database/json-rows.ts'
import type { Database } from '../database/schema.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type { KeyReader, KeyRow, KeyWriter, SecretRow } from '../port/keys.ts'
import { listedKeys } from './key-lists/list-keys.ts'
import { countUse } from './quota-usage.ts'
import { changeable, keyColumns } from './keys/key-columns.ts'
import { insertKeys } from './keys/insert-keys.ts'
import { addHolder, removeHolder } from './access/role-holders.ts'
import { removeDeadlines, replaceExpiry, replaceRoll, takeDeadlines } from './keys/key-deadlines.ts'
import { removeRotation } from './keys/rotations.ts'
import { putSecrets, secretsOfKey, secretsOfKeys } from './keys/key-secrets.ts'
import { keyAgeFor, keyAgeOf } from './keys/key-ages.ts'
import { insertedRecord, KEYS_FEED } from './keys/key-feed.ts'

declare module '../database/schema.ts' {
  interface Schema {
    keys: KeysTable
  }
}

interface KeysTable {
  organization: string
  id: string
  name: string
  type: string
  environment: string | null
  consumer: string | null
  roles_json: string
  active: number
  created_at: number
  created_by: string
  expires_at: number | null
  deleted_at: number | null
  address_rules_json: string
  rate_limits_json: string
  /** Null for a secret key. */
  public_tokens_json: string | null
  /** Null for none. */
  labels_json: string | null
  /** The id of the consumer of a deleted key, once the consumer is removed. */
  removed_consumer: string | null
  removed_consumer_name: string | null
}

type KeyAgeColumns = Parameters<typeof keyAgeOf>[0]

function keyRow(row: KeysTable & KeyAgeColumns, secrets: readonly SecretRow[]): KeyRow {
  return {
    organization: row.organization,
    id: row.id as KeyId,
    name: row.name,
    type: row.type as KeyType,
    environment: row.environment,
    consumer: row.consumer ?? row.removed_consumer,
    roles: textsFromJson(row.roles_json),
    active: row.active === 1,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
    expiresAtMs: row.expires_at,
    deletedAtMs: row.deleted_at,
    addressRules: textsFromJson(row.address_rules_json),
    rateLimits: rateLimitsFromJson(row.rate_limits_json),
    labels: labelsFromJson(row.labels_json),
    publicTokens: textsFromJson(row.public_tokens_json),
    age: keyAgeOf(row),
    secrets,
  }
}

async function withSecrets(
  db: Database,
  rows: readonly (KeysTable & KeyAgeColumns)[],
): Promise<readonly KeyRow[]> {
  const organization = rows[0]?.organization
  if (organization === undefined) return []
  const secrets = await secretsOfKeys(
    db,
    organization,
    rows.map((row) => row.id),
  )
  return rows.map((row) => keyRow(row, secrets.get(row.id) ?? []))
}

export function keyReader(db: Database): KeyReader {
  // Each key with the policy of its environment, or of the keys without one.
  const withAges = () =>
    db
      .selectFrom('keys')
      .leftJoin('key_ages', (join) =>
        join
          .onRef('key_ages.organization', '=', 'keys.organization')
          .on(sql<boolean>`key_ages.id = coalesce(keys.environment, '')`),
      )
      .selectAll('keys')
      .select(['key_ages.rotation_reminder_days', 'key_ages.max_lifetime_days'])

  function keys(organization: string) {
    return withAges().where('keys.organization', '=', organization)
  }

  return {
    async get(organization, id) {
      const [row, secrets] = await Promise.all([
        keys(organization).where('keys.id', '=', id).executeTakeFirst(),
        secretsOfKeys(db, organization, [id]),
      ])
      return row && keyRow(row, secrets.get(id) ?? [])
    },

    async find(id) {
      const [row, secrets] = await Promise.all([
        withAges().where('keys.id', '=', id).executeTakeFirst(),
        secretsOfKey(db, id),
      ])
      return row && keyRow(row, secrets)
    },

    async list(organization, page, selection = {}) {
      const { ids, ...rest } = await listedKeys(db, organization, page, selection)
      if (ids.length === 0) return { ...rest, items: [] }
      const rows = await withSecrets(db, await keys(organization).where('keys.id', 'in', ids).execute())
      const byId = new Map(rows.map((row) => [row.id, row]))
      return { ...rest, items: ids.flatMap((id) => byId.get(id) ?? []) }
    },

    async allOfConsumer(organization, consumer) {
      const rows = await keys(organization)
        .where('keys.consumer', '=', consumer)
        .where('keys.deleted_at', 'is', null)
        .orderBy('keys.created_at')
        .orderBy('keys.id')
        .execute()
      return await withSecrets(db, rows)
    },

    async consumerNames(organization, ids) {
      if (ids.length === 0) return new Map()
      const rows = await db
        .selectFrom('keys')
        .leftJoin('consumers', (join) =>
          join
            .onRef('consumers.organization', '=', 'keys.organization')
            .onRef('consumers.id', '=', 'keys.consumer'),
        )
        .select(['keys.id', 'keys.removed_consumer_name', 'consumers.name'])
        .where('keys.organization', '=', organization)
        .where('keys.id', 'in', ids)
        .execute()
      return new Map(
        rows.flatMap(({ id, name, removed_consumer_name }) => {
          const known = name ?? removed_consumer_name
          return known === null ? [] : [[id, known]]
        }),
      )
    },

    async taken(ids) {
      if (ids.length === 0) return []
      const rows = await db
        .selectFrom('keys')
        .select(['organization', 'id', 'environment', 'deleted_at'])
        .where('id', 'in', ids)
        .execute()
      return rows.map(({ id, deleted_at: deletedAtMs, ...row }) => ({ ...row, id: id as KeyId, deletedAtMs }))
    },

    async countsOfConsumers(organization, consumers) {
      if (consumers.length === 0) return new Map()
      const rows = await db
        .selectFrom('keys')
        .select((eb) => ['consumer', eb.fn.countAll<number>().as('keys')])
        .where('organization', '=', organization)
        .where('consumer', 'in', consumers)
        .where('deleted_at', 'is', null)
        .groupBy('consumer')
        .execute()
      return new Map(
        rows.flatMap(({ consumer, keys: count }) => (consumer === null ? [] : [[consumer, count]])),
      )
    },

    async countUsingRole(organization, role, nowMs) {
      const { maxLifetimeDays } = await keyAgeFor(db, organization, null)
      const { holders } = await db
        .selectFrom('role_holders')
        .innerJoin('keys', (join) =>
          join
            .onRef('keys.organization', '=', 'role_holders.organization')
            .onRef('keys.id', '=', 'role_holders.holder'),
        )
        .innerJoin('key_index', (join) =>
          join
            .onRef('key_index.organization', '=', 'keys.organization')
            .onRef('key_index.id', '=', 'keys.id'),
        )
        .select((eb) => eb.fn.countAll<number>().as('holders'))
        .where('role_holders.organization', '=', organization)
        .where('role_holders.role', '=', role)
        .where('role_holders.kind', '=', 'key')
        .where('role_holders.environment', 'is', null)
        .where('keys.active', '=', 1)
        .where((eb) => eb.or([eb('keys.expires_at', 'is', null), eb('keys.expires_at', '>', nowMs)]))
        .$if(maxLifetimeDays !== null, (query) =>
          query.where('key_index.secret_created_at', '>', endedIfCreatedByMs(maxLifetimeDays, nowMs)),
        )
        .executeTakeFirstOrThrow()
      return holders
    },
  }
}

/** Changes the index of who has which role, as far as a changed key needs it. */
async function moveHolder(
  db: Database,
  before: Pick<KeysTable, 'environment' | 'roles_json'>,
  after: KeyRow,
): Promise<void> {
  const { organization, id, environment, roles, deletedAtMs } = after
  const isSame = environment === before.environment && toJson(roles) === before.roles_json
  if (isSame && deletedAtMs === null) return
  await removeHolder(db, { organization, kind: 'key', id, roles: textsFromJson(before.roles_json) })
  if (deletedAtMs === null) await addHolder(db, { ...after, kind: 'key' })
}

export function keyWriter(db: Database, staged: StagedChange, jsonRows: JsonRows): KeyWriter {
  async function insertAll(rows: readonly KeyRow[]): Promise<void> {
    const [first] = rows
    if (first === undefined) return
    await Promise.all([
      insertKeys(db, rows, jsonRows),
      countUse(db, first.organization, { keys: rows.length }),
    ])
    for (const row of rows) staged.insertKey(KEYS_FEED, { row, record: insertedRecord(row) })
  }

  return {
    ...keyReader(db),

    async insert(row) {
      if (row.deletedAtMs === null) return await insertAll([row])
      await db.insertInto('keys').values(keyColumns(row)).execute()
      await putSecrets(db, row.organization, row.id, row.secrets)
      staged.upsert(KEYS_FEED, row.organization, row.id)
    },

    insertAll,

    async update(row) {
      const stored = await db
        .selectFrom('keys')
        .select(['deleted_at', 'environment', 'roles_json', 'expires_at'])
        .where('organization', '=', row.organization)
        .where('id', '=', row.id)
        .executeTakeFirst()
      // Deletion is irreversible, even for an operation that read the row before it was deleted.
      if (stored !== undefined && stored.deleted_at !== null) {
        throw new Problem('conflict', { detail: 'A deleted key cannot be changed. Create a new key.' })
      }
      requireUpdated(
        await db
          .updateTable('keys')
          .set(changeable(row))
          .where('organization', '=', row.organization)
          .where('id', '=', row.id)
          .executeTakeFirst(),
      )
      if (stored !== undefined) await moveHolder(db, stored, row)
      if (row.deletedAtMs !== null) {
        await Promise.all([
          countUse(db, row.organization, { keys: -1 }),
          removeDeadlines(db, row.organization, row.id),
          removeRotation(db, row.organization, row.id),
        ])
      } else if (stored?.expires_at !== row.expiresAtMs) {
        await replaceExpiry(db, row.organization, row.id, row.expiresAtMs)
      }
      staged.upsert(KEYS_FEED, row.organization, row.id)
    },

    takeDeadlines: (nowMs, limit) => takeDeadlines(db, nowMs, limit),

    async replaceSecrets(organization, id, secrets) {
      const key = await db
        .selectFrom('keys')
        .select('id')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst()
      if (key === undefined) throw new Problem('not_found')
      const removed = await putSecrets(db, organization, id, secrets)
      staged.replaceSecrets({ organization, keyId: id, removed })
      await replaceRoll(db, organization, id, secrets)
      staged.upsert(KEYS_FEED, organization, id)
    },
  }
}
