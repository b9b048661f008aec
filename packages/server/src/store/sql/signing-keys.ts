import type { PublicJwk, SigningAlgorithm, SigningKeyRecord } from '@sallyport/core'
import { sql } from 'kysely'
import { requireDeleted, requireUpdated } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { toJson } from '../database/json-columns.ts'
import type { Database } from '../database/schema.ts'
import { entityFeed } from '../feed/entity-feed.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type { SigningKeyReader, SigningKeyRow, SigningKeyWriter } from '../port/signing-keys.ts'

declare module '../database/schema.ts' {
  interface Schema {
    signing_keys: SigningKeysTable
  }
}

interface SigningKeysTable {
  organization: string
  id: string
  environment: string
  algorithm: string
  public_jwk_json: string
  sealed_private_jwk: string
  created_at: number
  created_by: string
  verifies_until: number | null
}

export const SIGNING_KEYS_CONSTRAINTS: UniqueConstraints = {
  signing_keys_signing: {
    table: 'signing_keys',
    columns: ['organization', 'environment'],
    detail: 'Another key already signs for the environment. Rotate that key instead.',
  },
}

export const SIGNING_KEYS_FEED = entityFeed({
  kind: 'signing-key',
  keyColumns: ['organization', 'id'],
  select: (db) =>
    db
      .selectFrom('signing_keys')
      .select([
        'organization',
        'environment',
        'id',
        'algorithm',
        'public_jwk_json',
        'sealed_private_jwk',
        'created_at',
        'verifies_until',
      ]),
  record: (row): SigningKeyRecord => ({
    kind: 'signing-key',
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    algorithm: row.algorithm as SigningAlgorithm,
    publicJwk: JSON.parse(row.public_jwk_json) as PublicJwk,
    sealedPrivateJwk: row.sealed_private_jwk,
    createdAtMs: row.created_at,
    verifiesUntilMs: row.verifies_until,
  }),
})

function signingKeyRow(row: SigningKeysTable): SigningKeyRow {
  return {
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    algorithm: row.algorithm as SigningAlgorithm,
    publicJwk: JSON.parse(row.public_jwk_json) as PublicJwk,
    sealedPrivateJwk: row.sealed_private_jwk,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
    verifiesUntilMs: row.verifies_until,
  }
}

export function signingKeyReader(db: Database): SigningKeyReader {
  return {
    async all(organization, environment) {
      const rows = await db
        .selectFrom('signing_keys')
        .selectAll()
        .where('organization', '=', organization)
        .where('environment', '=', environment)
        // The key that signs comes first, even if the clock went back before it was created.
        .orderBy(sql`verifies_until is not null`)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute()
      return rows.map(signingKeyRow)
    },
  }
}

export function signingKeyWriter(db: Database, staged: StagedChange): SigningKeyWriter {
  return {
    ...signingKeyReader(db),

    async insert(row) {
      await db
        .insertInto('signing_keys')
        .values({
          organization: row.organization,
          id: row.id,
          environment: row.environment,
          algorithm: row.algorithm,
          public_jwk_json: toJson(row.publicJwk),
          sealed_private_jwk: row.sealedPrivateJwk,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
          verifies_until: row.verifiesUntilMs,
        })
        .execute()
      staged.upsert(SIGNING_KEYS_FEED, row.organization, row.id)
    },

    async retire(organization, id, verifiesUntilMs) {
      requireUpdated(
        await db
          .updateTable('signing_keys')
          .set({ verifies_until: verifiesUntilMs })
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirst(),
      )
      staged.upsert(SIGNING_KEYS_FEED, organization, id)
    },

    async remove(organization, id) {
      requireDeleted(
        await db
          .deleteFrom('signing_keys')
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirst(),
      )
      staged.remove(SIGNING_KEYS_FEED, organization, id)
    },
  }
}
