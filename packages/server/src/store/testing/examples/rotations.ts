import type { KeyId } from '@sallyport/core'
import type { PendingRotation, RotationRow } from '../../port/keys/rotations.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'
import { exampleKeyId } from './keys.ts'

export const PENDING_ROTATION: PendingRotation = {
  secretSequence: 2,
  sealed: 'sealed',
  sinceMs: FIRST_MS,
  untilMs: FIRST_MS + 1_000,
  handOver: null,
  subject: 'key-rotation/1/2',
}

export function rotation(organization: string, key: KeyId, more: Partial<RotationRow> = {}): RotationRow {
  return {
    organization,
    key,
    everyDays: 30,
    webhook: 'whk_1',
    urlDigest: 'digest',
    handOverHours: null,
    updatedAtMs: FIRST_MS,
    updatedBy: 'setup',
    dueAtMs: FIRST_MS + 500,
    failures: 0,
    problem: null,
    problemAtMs: null,
    rotatedAtMs: null,
    pending: null,
    ...more,
  }
}

const row = (seed: Seed): RotationRow => rotation(seed.owner, exampleKeyId(seed))

export const rotationsExample: Example<RotationRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.rotations.insert(row(seed))),
  get: (read, seed) => read.rotations.get(seed.owner, exampleKeyId(seed)),
  queries: () => [],
  lists: {},
  update: (store, seed) =>
    change(store, seed.owner, (tx) => tx.rotations.replace({ ...row(seed), pending: PENDING_ROTATION })),
  remove: (store, seed) =>
    change(store, seed.owner, (tx) => tx.rotations.remove(seed.owner, exampleKeyId(seed))),
  since: 26,
  stored(seed) {
    const { organization, key, everyDays, webhook, urlDigest, ...rest } = row(seed)
    return [
      [
        'rotations',
        {
          organization,
          key_id: key,
          every_days: everyDays,
          webhook,
          url_digest: urlDigest,
          updated_at: rest.updatedAtMs,
          updated_by: rest.updatedBy,
          failures: 0,
        },
      ],
      ['rotation_looks', { organization, key_id: key, due_at: rest.dueAtMs }],
    ]
  },
}
