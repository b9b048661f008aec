import type { KeyId } from '@sallyport/core'
import type { HandOverRow } from '../../port/keys/hand-overs.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns, createdList } from './example.ts'
import { exampleKeyId } from './keys.ts'

/** How many hand-overs that have ended the examples keep. */
const KEPT = 100

export function handOver(
  organization: string,
  id: string,
  key: KeyId,
  more: Partial<HandOverRow> = {},
): HandOverRow {
  return {
    organization,
    id,
    key,
    environment: 'test',
    secretSequence: 1,
    state: 'pending',
    proofDigest: `digest of ${organization} ${id}`,
    sealed: 'sealed',
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    expiresAtMs: FIRST_MS + 1_000,
    endedAtMs: null,
    openerAddress: null,
    openerUserAgent: null,
    ...more,
  }
}

/** Ids of hand-overs are globally unique. */
const idOf = ({ owner, id }: Pick<Seed, 'owner' | 'id'>): string => `${owner} ${id}`
const row = (seed: Seed): HandOverRow =>
  handOver(seed.owner, idOf(seed), exampleKeyId(seed), { createdAtMs: seed.createdAtMs })

export const handOversExample: Example<HandOverRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.handOvers.insert(row(seed), KEPT)),
  get: (read, seed) => read.handOvers.get(seed.owner, idOf(seed)),
  queries: (read, seed) => [
    read.handOvers.find(idOf(seed)),
    read.handOvers.countPending(seed.owner, FIRST_MS),
    read.handOvers.pendingOfKey(seed.owner, exampleKeyId(seed)),
  ],
  lists: { handOvers: createdList((read, { owner }, page) => read.handOvers.list(owner, page)) },
  update: (store, seed) =>
    change(store, seed.owner, (tx) =>
      tx.handOvers.end(seed.owner, idOf(seed), { state: 'opened', endedAtMs: FIRST_MS + 1 }),
    ),
  remove: null,
  since: 17,
  stored(seed) {
    const { organization, id, key, environment, secretSequence, state, proofDigest, sealed, ...rest } =
      row(seed)
    return [
      [
        'hand_overs',
        {
          organization,
          id,
          key_id: key,
          environment,
          secret_sequence: secretSequence,
          state,
          proof_digest: proofDigest,
          sealed,
          expires_at: rest.expiresAtMs,
          ...createdColumns(rest),
        },
      ],
    ]
  },
}
