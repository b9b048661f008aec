import {
  currentSecret,
  keySection,
  keyTerms,
  type KeyType,
  nameOrder,
  rollingUntilMs,
  wholeSecondMs,
} from '@sallyport/core'
import { labelsFromJson, labelsToJson, textsFromJson, toJson } from '../../database/json-columns.ts'
import type { Database, Schema } from '../../database/schema.ts'
import type { KeyRow } from '../../port/keys.ts'
import { type KeyIndexTable, NEVER_MS } from './tables.ts'

/** The row of a key without reading it. @param key as it was inserted */
export function insertedRow(key: KeyRow): KeyIndexTable {
  return indexRow(
    {
      organization: key.organization,
      id: key.id,
      name: key.name,
      type: key.type,
      environment: key.environment,
      consumer: key.consumer,
      removed_consumer: null,
      roles_json: toJson(key.roles),
      labels_json: labelsToJson(key.labels),
      active: key.active ? 1 : 0,
      created_at: key.createdAtMs,
      expires_at: key.expiresAtMs,
      deleted_at: key.deletedAtMs,
    },
    key.secrets.map(({ hint, createdAtMs, expiresAtMs }) => ({
      hint,
      created_at: createdAtMs,
      expires_at: expiresAtMs,
    })),
  )
}

/** Reads rows of the index, in no particular order. */
export async function indexedRows(tx: Database, ids: readonly string[]): Promise<readonly KeyIndexTable[]> {
  return await tx
    .selectFrom('keys')
    .innerJoin('key_index', (join) =>
      join.onRef('key_index.organization', '=', 'keys.organization').onRef('key_index.id', '=', 'keys.id'),
    )
    .selectAll('key_index')
    .where('keys.id', 'in', ids)
    .execute()
}

/** The rows of the index as the keys are now, by id. */
export async function currentRows(tx: Database, ids: readonly string[]): Promise<readonly KeyIndexTable[]> {
  const keysRead = tx
    .selectFrom('keys')
    .select([
      'organization',
      'id',
      'name',
      'type',
      'environment',
      'consumer',
      'removed_consumer',
      'roles_json',
      'labels_json',
    ])
    .select(['active', 'created_at', 'expires_at', 'deleted_at'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
  const secretsRead = tx
    .selectFrom('keys')
    .innerJoin('secrets', (join) =>
      join.onRef('secrets.organization', '=', 'keys.organization').onRef('secrets.key_id', '=', 'keys.id'),
    )
    .select(['secrets.key_id', 'secrets.hint', 'secrets.created_at', 'secrets.expires_at'])
    .where('keys.id', 'in', ids)
    .orderBy('secrets.sequence')
    .execute()
  const [keys, secrets] = await Promise.all([keysRead, secretsRead])
  const secretsOf = Map.groupBy(secrets, ({ key_id }) => key_id)
  return keys.map((key) => indexRow(key, secretsOf.get(key.id) ?? []))
}

type KeyFacts = Pick<
  Schema['keys'],
  | 'organization'
  | 'id'
  | 'name'
  | 'type'
  | 'environment'
  | 'consumer'
  | 'removed_consumer'
  | 'roles_json'
  | 'labels_json'
  | 'active'
  | 'created_at'
  | 'expires_at'
  | 'deleted_at'
>

/** @param secrets of the key, oldest first */
function indexRow(
  key: KeyFacts,
  secrets: readonly Pick<Schema['secrets'], 'hint' | 'created_at' | 'expires_at'>[],
): KeyIndexTable {
  const isDeleted = key.deleted_at !== null
  const terms = keyTerms({
    ...key,
    consumer: key.consumer ?? key.removed_consumer,
    roles: textsFromJson(key.roles_json),
    labels: labelsFromJson(key.labels_json),
    hints: secrets.map(({ hint }) => hint),
  })
  return {
    organization: key.organization,
    id: key.id,
    section: keySection({ ...key, type: key.type as KeyType, active: key.active === 1, isDeleted }),
    created_at: key.created_at,
    expires_at: key.expires_at ?? NEVER_MS,
    rolling_until: rollingUntilMs(secrets.map(({ expires_at }) => expires_at)),
    secret_created_at: secretCreatedAt(secrets),
    name_order: nameOrder(key.name),
    terms: ` ${terms.join(' ')} `,
  }
}

function secretCreatedAt(
  secrets: readonly { readonly created_at: number; readonly expires_at: number | null }[],
): number {
  const current = currentSecret(secrets.map((row) => ({ ...row, expiresAtMs: row.expires_at })))
  return current === undefined ? NEVER_MS : wholeSecondMs(current.created_at)
}
