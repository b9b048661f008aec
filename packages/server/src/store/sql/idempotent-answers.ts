import type { UniqueConstraints } from '../database/conflicts.ts'
import type { Database } from '../database/schema.ts'
import type { IdempotencyReader, IdempotencyWriter } from '../port/idempotent-answers.ts'

declare module '../database/schema.ts' {
  interface Schema {
    idempotent_answers: IdempotentAnswersTable
  }
}

interface IdempotentAnswersTable {
  scope: string
  idempotency_key: string
  request_digest: string
  sealed_result: string
  created_at: number
}

export const IDEMPOTENT_ANSWERS_CONSTRAINTS: UniqueConstraints = {
  idempotent_answers_pkey: {
    table: 'idempotent_answers',
    columns: ['scope', 'idempotency_key'],
    detail: 'A request with this Idempotency-Key is still in progress. Repeat it shortly to get its answer.',
  },
}

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
