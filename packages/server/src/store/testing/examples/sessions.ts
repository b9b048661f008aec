import type { SessionRow } from '../../port/people/sessions.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'
import { personId } from './people.ts'

export function session(person: string, id: string, more: Partial<SessionRow> = {}): SessionRow {
  return {
    id,
    person,
    tokenDigest: `digest of ${id}`,
    method: 'password',
    dependsOn: null,
    createdAtMs: FIRST_MS,
    expiresAtMs: FIRST_MS + 1_000,
    lastUsedAtMs: FIRST_MS,
    confirmedAtMs: FIRST_MS,
    secondFactorAtMs: null,
    address: '192.0.2.1',
    userAgent: 'curl/8',
    ...more,
  }
}

const row = (seed: Seed): SessionRow =>
  session(personId(seed), `ses-${personId(seed)}`, { createdAtMs: seed.createdAtMs })

export const sessionsExample: Example<SessionRow> = {
  isTenant: false,
  feedKind: null,
  row,
  insert: (store, seed) => store.write((tx) => tx.sessions.insert(row(seed))),
  get: (read, seed) => read.sessions.get(row(seed).id),
  queries: (read, seed) => [
    read.sessions.byToken(row(seed).tokenDigest),
    read.sessions.ofPerson(personId(seed), FIRST_MS),
  ],
  lists: {},
  update: (store, seed) => store.write((tx) => tx.sessions.touch(row(seed).id, FIRST_MS + 5)),
  rowUpdate: {
    apply: (tx, updated) => tx.sessions.update(updated),
    changes: {
      tokenDigest: 'new',
      confirmedAtMs: FIRST_MS + 7,
      secondFactorAtMs: FIRST_MS + 8,
      dependsOn: 'passkey/pky_1',
    },
  },
  remove: (store, seed) => store.write((tx) => tx.sessions.remove(personId(seed), row(seed).id)),
  duplicates: { sessions_token: (tx, seed, id) => tx.sessions.insert({ ...row(seed), id }) },
  since: 9,
  stored(seed) {
    const { id, person, tokenDigest, method, createdAtMs, expiresAtMs } = row(seed)
    return [
      [
        'sessions',
        {
          id,
          person,
          token_digest: tokenDigest,
          method,
          created_at: createdAtMs,
          expires_at: expiresAtMs,
          last_used_at: FIRST_MS,
          confirmed_at: FIRST_MS,
          second_factor_at: null,
          address: '192.0.2.1',
          user_agent: 'curl/8',
        },
      ],
    ]
  },
}
