import type { AuthenticatorRow } from '../../port/people/second-factors.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'
import { personId } from './people.ts'

export function authenticator(person: string, more: Partial<AuthenticatorRow> = {}): AuthenticatorRow {
  return {
    person,
    sealedSecret: 'sealed',
    createdAtMs: FIRST_MS,
    confirmedAtMs: FIRST_MS,
    lastStep: 5,
    ...more,
  }
}

const row = (seed: Seed): AuthenticatorRow => authenticator(personId(seed), { createdAtMs: seed.createdAtMs })

export const secondFactorsExample: Example<AuthenticatorRow> = {
  isTenant: false,
  feedKind: null,
  row,
  insert: (store, seed) => store.write((tx) => tx.secondFactors.saveAuthenticator(row(seed))),
  get: (read, seed) => read.secondFactors.authenticator(personId(seed)),
  queries: (read, seed) => [read.secondFactors.countRecoveryCodes(personId(seed))],
  lists: {},
  update: (store, seed) =>
    store.write((tx) => tx.secondFactors.saveAuthenticator({ ...row(seed), lastStep: 6 })),
  remove: (store, seed) => store.write((tx) => tx.secondFactors.removeAll(personId(seed))),
  since: 9,
  stored(seed) {
    const { person, sealedSecret, createdAtMs, confirmedAtMs, lastStep } = row(seed)
    return [
      [
        'authenticators',
        {
          person,
          sealed_secret: sealedSecret,
          created_at: createdAtMs,
          confirmed_at: confirmedAtMs,
          last_step: lastStep,
        },
      ],
    ]
  },
}
