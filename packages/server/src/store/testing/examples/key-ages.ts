import type { KeyAgeRow } from '../../port/keys/key-ages.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'

export function keyAge(owner: string, more: Partial<KeyAgeRow> = {}): KeyAgeRow {
  return {
    organization: owner,
    environment: 'test',
    rotationReminderDays: 90,
    maxLifetimeDays: 365,
    version: 1,
    updatedAtMs: FIRST_MS,
    updatedBy: 'key_1',
    ...more,
  }
}

const row = ({ owner, id, index, createdAtMs }: Seed): KeyAgeRow =>
  keyAge(owner, { environment: id, maxLifetimeDays: index + 1, updatedAtMs: createdAtMs })

export const keyAgesExample: Example<KeyAgeRow> = {
  isTenant: true,
  feedKind: 'key-age',
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.keyAges.put(row(seed))),
  get: (read, { owner, id }) => read.keyAges.current(owner, id),
  queries: (read, { owner, id }) => [
    read.keyAges.current(owner, id),
    read.keyAges.rules(owner, id),
    read.keyAges.affected(
      { organization: owner, environment: id, before: null, after: 1, atMs: FIRST_MS },
      5,
    ),
  ],
  lists: {},
  update: (store, seed) =>
    change(store, seed.owner, (tx) => tx.keyAges.put({ ...row(seed), version: 2, maxLifetimeDays: null })),
  remove: null,
  since: 25,
  stored(seed) {
    const { organization, environment, ...rest } = row(seed)
    return [
      [
        'key_ages',
        {
          organization,
          id: environment,
          environment,
          rotation_reminder_days: rest.rotationReminderDays,
          max_lifetime_days: rest.maxLifetimeDays,
          version: rest.version,
          updated_at: rest.updatedAtMs,
          updated_by: rest.updatedBy,
        },
      ],
    ]
  },
}
