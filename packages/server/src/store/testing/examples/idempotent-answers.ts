import type { IdempotencyRow } from '../../port/idempotent-answers.ts'
import type { Example, Seed } from './example.ts'

const row = ({ owner, id, createdAtMs }: Seed): IdempotencyRow => ({
  scope: owner,
  key: id,
  requestDigest: 'digest',
  sealedResult: 'sealed',
  createdAtMs,
})

export const idempotencyExample: Example<IdempotencyRow> = {
  isTenant: false,
  feedKind: null,
  row,
  insert: (store, seed) => store.write((tx) => tx.idempotency.save(row(seed))),
  get: (read, { owner, id }) => read.idempotency.find(owner, id),
  queries: () => [],
  lists: {},
  update: null,
  remove: null,
  duplicates: { idempotent_answers_pkey: (tx, seed) => tx.idempotency.save(row(seed)) },
  since: 1,
  stored(seed) {
    const { scope, key, requestDigest, sealedResult, createdAtMs } = row(seed)
    return [
      [
        'idempotent_answers',
        {
          scope,
          idempotency_key: key,
          request_digest: requestDigest,
          sealed_result: sealedResult,
          created_at: createdAtMs,
        },
      ],
    ]
  },
}
