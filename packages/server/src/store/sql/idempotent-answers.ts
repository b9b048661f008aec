import type { IdempotencyReader, IdempotencyWriter } from '../port/idempotent-answers.ts'
import type { Database } from '../database/schema.ts'

export function idempotencyReader(db: Database): IdempotencyReader {
  return {
    async find(scope, key) {
      const row = await db
        .selectFrom('idempotent_answers')
        .selectAll()
        .where('scope', '=', scope)
        .where('idempotency_key', '=', key)
        .executeTakeFirst()
      return (
        row && {
          scope: row.scope,
          key: row.idempotency_key,
          requestDigest: row.request_digest,
          sealedResult: row.sealed_result,
          createdAtMs: row.created_at,
        }
      )
    },
  }
}

export function idempotencyWriter(db: Database): IdempotencyWriter {
  return {
    ...idempotencyReader(db),

    async save(row) {
      await db
        .insertInto('idempotent_answers')
        .values({
          scope: row.scope,
          idempotency_key: row.key,
          request_digest: row.requestDigest,
          sealed_result: row.sealedResult,
          created_at: row.createdAtMs,
        })
        .execute()
    },

    async prune(beforeMs) {
      await db.deleteFrom('idempotent_answers').where('created_at', '<', beforeMs).execute()
    },
  }
}
