import type { KeyId } from '@sallyport/core'
import type { LeakRow } from '../../port/keys/leaks.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdList } from './example.ts'
import { exampleKeyId } from './keys.ts'

/** How many leaks of a key the examples keep. */
const KEPT = 100

export function leak(organization: string, id: string, key: KeyId, more: Partial<LeakRow> = {}): LeakRow {
  return {
    organization,
    id,
    key,
    environment: 'test',
    secretSequence: 1,
    source: 'github',
    url: `https://code.example.com/${id}`,
    live: true,
    switchedOff: false,
    createdAtMs: FIRST_MS,
    ...more,
  }
}

const row = (seed: Seed): LeakRow =>
  leak(seed.owner, seed.id, exampleKeyId(seed), { createdAtMs: seed.createdAtMs })

export const leaksExample: Example<LeakRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.leaks.insert(row(seed), KEPT)),
  get: (read, seed) => read.leaks.get(seed.owner, seed.id),
  queries: (read, seed) => [read.leaks.ofKey(seed.owner, exampleKeyId(seed))],
  lists: { leaks: createdList((read, { owner }, page) => read.leaks.list(owner, page)) },
  update: null,
  remove: null,
  since: 18,
  stored(seed) {
    const { organization, id, key, environment, secretSequence, source, url, createdAtMs } = row(seed)
    return [
      [
        'leaks',
        {
          organization,
          id,
          key_id: key,
          environment,
          secret_sequence: secretSequence,
          source,
          url,
          live: 1,
          switched_off: 0,
          created_at: createdAtMs,
        },
      ],
    ]
  },
}
