import type { FeedRecord } from '@sallyport/core'
import { sql } from 'kysely'
import {
  BASIC_CREDENTIAL_FEED_COLUMNS,
  CONSUMER_FEED_COLUMNS,
  DEPLOYMENT_FEED_COLUMNS,
  ENVIRONMENT_FEED_COLUMNS,
  ENVIRONMENT_SECRET_FEED_COLUMNS,
  ISSUER_FEED_COLUMNS,
  KEY_FEED_COLUMNS,
  KEY_FEED_LISTS,
  ORGANIZATION_FEED_COLUMNS,
  SECRET_FEED_COLUMNS,
  SIGNING_KEY_FEED_COLUMNS,
  basicCredentialRecord,
  consumerRecord,
  deploymentRecord,
  environmentRecord,
  environmentSecretRecord,
  issuerRecord,
  keyRecord,
  organizationRecord,
  signingKeyRecord,
} from './feed-records.ts'
import type { Database } from '../database/schema.ts'
import { type FeedPlace, type FeedRange, belongsTo, dealOut, inRange, sizeOf } from './record-range.ts'
import type { FeedKind } from './staged-change.ts'

type FeedLoader = (db: Database, range: FeedRange) => Promise<readonly FeedRecord[]>

const loadOrganizations: FeedLoader = async (db, range) => {
  const rows = await db
    .selectFrom('organizations')
    .select(ORGANIZATION_FEED_COLUMNS)
    .where(inRange(range, 'slug', 'slug'))
    .orderBy('slug')
    .limit(sizeOf(range))
    .execute()
  return rows.map(organizationRecord)
}

const loadEnvironments: FeedLoader = async (db, range) => {
  const rows = await db
    .selectFrom('environments')
    .select(ENVIRONMENT_FEED_COLUMNS)
    .where(inRange(range, 'organization', 'name'))
    .orderBy('organization')
    .orderBy('name')
    .limit(sizeOf(range))
    .execute()
  return rows.map(environmentRecord)
}

const loadConsumers: FeedLoader = async (db, range) => {
  const rows = await db
    .selectFrom('consumers')
    .select(CONSUMER_FEED_COLUMNS)
    .where(inRange(range, 'organization', 'id'))
    .orderBy('organization')
    .orderBy('id')
    .limit(sizeOf(range))
    .execute()
  const associations = await db
    .selectFrom('consumer_pipelines')
    .selectAll()
    .where(belongsTo(rows, range, 'organization', 'consumer'))
    .orderBy('organization')
    .orderBy('consumer')
    .orderBy('pipeline')
    .execute()
  const dealt = dealOut(
    rows,
    associations,
    ({ organization, consumer }, row) => consumer === row.id && organization === row.organization,
  )
  return rows.map((row, index) =>
    consumerRecord(
      row,
      (dealt[index] ?? []).map(({ pipeline }) => pipeline),
    ),
  )
}

const loadKeys: FeedLoader = async (db, range) => {
  const rows = await db
    .selectFrom('keys')
    .select(KEY_FEED_COLUMNS)
    .select((eb) =>
      KEY_FEED_LISTS.map((list) => eb.fn<string | null>('nullif', [list, sql.lit('[]')]).as(list)),
    )
    .where(inRange(range, 'organization', 'id'))
    .orderBy('organization')
    .orderBy('id')
    .limit(sizeOf(range))
    .execute()
  const secrets = await db
    .selectFrom('secrets')
    .select(SECRET_FEED_COLUMNS)
    .where(belongsTo(rows, range, 'organization', 'key_id'))
    .orderBy('organization')
    .orderBy('key_id')
    .orderBy('sequence')
    .execute()
  const dealt = dealOut(rows, secrets, (secret, key) => secret.key_id === key.id)
  return rows.map((row, index) => keyRecord(row, dealt[index] ?? []))
}

const loadSigningKeys: FeedLoader = async (db, range) => {
  const rows = await db
    .selectFrom('signing_keys')
    .select(SIGNING_KEY_FEED_COLUMNS)
    .where(inRange(range, 'organization', 'id'))
    .orderBy('organization')
    .orderBy('id')
    .limit(sizeOf(range))
    .execute()
  return rows.map(signingKeyRecord)
}

const loadIssuers: FeedLoader = async (db, range) => {
  const rows = await db
    .selectFrom('issuers')
    .select(ISSUER_FEED_COLUMNS)
    .where(inRange(range, 'organization', 'id'))
    .orderBy('organization')
    .orderBy('id')
    .limit(sizeOf(range))
    .execute()
  return rows.map(issuerRecord)
}

const loadEnvironmentSecrets: FeedLoader = async (db, range) => {
  const rows = await db
    .selectFrom('environment_secrets')
    .select(ENVIRONMENT_SECRET_FEED_COLUMNS)
    .where(inRange(range, 'organization', 'id'))
    .orderBy('organization')
    .orderBy('id')
    .limit(sizeOf(range))
    .execute()
  return rows.map(environmentSecretRecord)
}

const loadBasicCredentials: FeedLoader = async (db, range) => {
  const rows = await db
    .selectFrom('basic_credentials')
    .select(BASIC_CREDENTIAL_FEED_COLUMNS)
    .where(inRange(range, 'organization', 'id'))
    .orderBy('organization')
    .orderBy('id')
    .limit(sizeOf(range))
    .execute()
  return rows.map(basicCredentialRecord)
}

const loadDeployments: FeedLoader = async (db, range) => {
  const rows = await db
    .selectFrom('deployments')
    .select(DEPLOYMENT_FEED_COLUMNS)
    .where('ended_at', 'is', null)
    .where(inRange(range, 'organization', 'id'))
    .orderBy('organization')
    .orderBy('id')
    .limit(sizeOf(range))
    .execute()
  return rows.map(deploymentRecord)
}

/** One loader a kind, in the order of a snapshot: what others refer to comes first. */
export const FEED_LOADERS: ReadonlyMap<FeedKind, FeedLoader> = new Map([
  ['organization', loadOrganizations],
  ['environment', loadEnvironments],
  ['consumer', loadConsumers],
  ['key', loadKeys],
  ['signing-key', loadSigningKeys],
  ['issuer', loadIssuers],
  ['environment-secret', loadEnvironmentSecrets],
  ['basic-credential', loadBasicCredentials],
  ['deployment', loadDeployments],
] satisfies [FeedKind, FeedLoader][])

/** Where a record's thing stands. */
export function placeOf(record: FeedRecord): FeedPlace {
  switch (record.kind) {
    case 'organization':
      return { organization: record.slug, id: record.slug }
    case 'environment':
    case 'role':
      return { organization: record.organization, id: record.name }
    case 'consumer':
    case 'key':
    case 'external-key':
    case 'deployment':
    case 'signing-key':
    case 'issuer':
    case 'environment-secret':
    case 'basic-credential':
    case 'removed':
      return record
  }
}
