import { Problem, type PublicJwk, type SigningAlgorithm } from '@sallyport/core'
import { sql } from 'kysely'
import { toJson } from '../database/json-columns.ts'
import type { SigningKeyReader, SigningKeyRow, SigningKeyWriter } from '../port/signing-keys.ts'
import type { Database, SigningKeyTable } from '../database/schema.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import { mustTouch } from '../database/affected-rows.ts'

function signingKeyRow(row: SigningKeyTable): SigningKeyRow {
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
        // The one that signs is the newest, whatever the clock said when it was made.
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
      staged.touch('signing-key', row.organization, row.id)
    },

    async retire(organization, id, verifiesUntilMs) {
      mustTouch(
        await db
          .updateTable('signing_keys')
          .set({ verifies_until: verifiesUntilMs })
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirst(),
      )
      staged.touch('signing-key', organization, id)
    },

    async remove(organization, id) {
      const result = await db
        .deleteFrom('signing_keys')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst()
      if (result.numDeletedRows === 0n) throw new Problem('not_found')
      staged.remove('signing-key', organization, id)
    },
  }
}
