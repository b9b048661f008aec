import type { KeyId, KeyRecord, KeyType } from '@sallyport/core'
import { sql } from 'kysely'
import { labelsFromJson, rateLimitsFromJson, textsFromJson } from '../../database/json-columns.ts'
import type { Schema } from '../../database/schema.ts'
import { childRows, entityFeedWithChildren } from '../../feed/entity-feed.ts'
import type { KeyRow } from '../../port/keys.ts'
import { hasForeignToken, KEY_SECRET_CHILDREN, secretFeedRow, secretRecords } from './key-secrets.ts'
import { keyColumns } from './key-columns.ts'

/** Lists that nearly all keys leave empty. The feed reads an empty one as null, which costs nothing to parse. */
const SPARSE_LISTS = ['roles_json', 'address_rules_json', 'rate_limits_json'] as const

export const KEYS_FEED = entityFeedWithChildren({
  kind: 'key',
  keyColumns: ['organization', 'id'],
  select: (db) =>
    db
      .selectFrom('keys')
      .select([
        'organization',
        'id',
        'type',
        'environment',
        'consumer',
        'active',
        'created_at',
        'expires_at',
        'deleted_at',
        'labels_json',
      ])
      .select((eb) =>
        SPARSE_LISTS.map((list) => eb.fn<string | null>('nullif', [list, sql.lit('[]')]).as(list)),
      ),
  children: childRows(KEY_SECRET_CHILDREN),
  record: keyRecord,
})

type KeyFeedColumns = Pick<
  Schema['keys'],
  | 'organization'
  | 'id'
  | 'type'
  | 'environment'
  | 'consumer'
  | 'active'
  | 'created_at'
  | 'expires_at'
  | 'deleted_at'
  | 'labels_json'
> & {
  readonly [List in (typeof SPARSE_LISTS)[number]]: string | null
}

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
