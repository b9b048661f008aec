import type { KeyId, KeyRecord, KeyType } from '@sallyport/core'
import { sql } from 'kysely'
import { labelsFromJson, rateLimitsFromJson, textsFromJson } from '../../database/json-columns.ts'
import type { Schema } from '../../database/schema.ts'
import { childLines, entityFeedWithChildren } from '../../feed/entity-feed.ts'
import { columns, line, type Lines, unlessUsual } from '../../feed/lines.ts'
import type { KeyRow } from '../../port/keys.ts'
import { hasForeignToken, KEY_SECRET_CHILDREN, secretFeedRow, secretRecords } from './key-secrets.ts'
import { keyColumns } from './key-columns.ts'

/** What most keys have in common. */
const IS_USUAL = sql<boolean>`type = 'secret' and active = 1 and expires_at is null and deleted_at is null
  and labels_json is null and address_rules_json = '[]' and rate_limits_json = '[]'`

const LINE = line(
  ...columns('organization', 'environment', 'roles_json', 'id', 'consumer', 'created_at'),
  unlessUsual(
    IS_USUAL,
    ...columns(
      'type',
      'active',
      'expires_at',
      'deleted_at',
      'labels_json',
      'address_rules_json',
      'rate_limits_json',
    ),
  ),
)

export const KEYS_FEED = entityFeedWithChildren({
  kind: 'key',
  keyColumns: ['organization', 'id'],
  select: (db) => db.selectFrom('keys').select(LINE.as('line')),
  read: readKey,
  children: childLines(KEY_SECRET_CHILDREN),
  record: keyRecord,
})

type KeyFeedColumns = Pick<
  Schema['keys'],
  | 'organization'
  | 'id'
  | 'type'
  | 'environment'
  | 'consumer'
  | 'roles_json'
  | 'active'
  | 'created_at'
  | 'expires_at'
  | 'deleted_at'
  | 'labels_json'
  | 'address_rules_json'
  | 'rate_limits_json'
>

function readKey(lines: Lines): KeyFeedColumns {
  const organization = lines.field()
  const environment = lines.fieldOrNull()
  const roles_json = lines.field()
  const id = lines.field()
  const consumer = lines.fieldOrNull()
  const created_at = lines.number()
  const isUsual = lines.skipUsual()
  return {
    organization,
    id,
    type: isUsual ? 'secret' : lines.field(),
    environment,
    consumer,
    roles_json,
    active: isUsual ? 1 : lines.number(),
    created_at,
    expires_at: isUsual ? null : lines.numberOrNull(),
    deleted_at: isUsual ? null : lines.numberOrNull(),
    labels_json: isUsual ? null : lines.fieldOrNull(),
    address_rules_json: isUsual ? NO_LIST : lines.field(),
    rate_limits_json: isUsual ? NO_LIST : lines.field(),
  }
}

const NO_LIST = '[]'

/** @param secrets oldest first */
function keyRecord(row: KeyFeedColumns, secrets: Parameters<typeof secretRecords>[0]): KeyRecord {
  return {
    kind: 'key',
    organization: row.organization,
    id: row.id as KeyId,
    type: row.type as KeyType,
    environment: row.environment,
    consumer: row.consumer,
    roles: textsFromJson(row.roles_json),
    active: row.active === 1,
    deleted: row.deleted_at !== null,
    createdAtMs: row.created_at,
    expiresAtMs: row.expires_at,
    addressRules: textsFromJson(row.address_rules_json),
    rateLimits: rateLimitsFromJson(row.rate_limits_json),
    ...(row.labels_json === null ? {} : { labels: labelsFromJson(row.labels_json) }),
    secrets: secretRecords(secrets),
    ...(hasForeignToken(secrets) && { hasForeignToken: true }),
  }
}

/** The record of a key without reading it. @param row as it was inserted */
export function insertedRecord(row: KeyRow): KeyRecord {
  return keyRecord(
    keyColumns(row),
    row.secrets.map((secret) => secretFeedRow(row.id, secret)),
  )
}
