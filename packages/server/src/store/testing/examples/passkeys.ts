import type { PasskeyRow } from '../../port/people/passkeys.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'
import { personId } from './people.ts'

export function passkey(person: string, id: string, more: Partial<PasskeyRow> = {}): PasskeyRow {
  return {
    person,
    id,
    credentialId: `credential-of-${person}-${id}`,
    name: `passkey ${id}`,
    publicKey: 'cose',
    signCount: 1,
    backupEligible: true,
    transports: ['internal', 'hybrid'],
    createdAtMs: FIRST_MS,
    lastUsedAtMs: null,
    ...more,
  }
}

const row = (seed: Seed): PasskeyRow =>
  passkey(personId(seed), seed.id, { createdAtMs: seed.createdAtMs, lastUsedAtMs: FIRST_MS })

export const passkeysExample: Example<PasskeyRow> = {
  isTenant: false,
  feedKind: null,
  row,
  insert: (store, seed) => store.write((tx) => tx.passkeys.insert(row(seed))),
  get: (read, seed) => read.passkeys.get(personId(seed), seed.id),
  queries: (read, seed) => [
    read.passkeys.byCredential(row(seed).credentialId),
    read.passkeys.ofPerson(personId(seed)),
  ],
  lists: {},
  update: (store, seed) => store.write((tx) => tx.passkeys.update({ ...row(seed), signCount: 2 })),
  rowUpdate: {
    apply: (tx, updated) => tx.passkeys.update(updated),
    owner: 'person',
    changes: { name: 'Renamed', signCount: 4_294_967_295, lastUsedAtMs: FIRST_MS + 5 },
  },
  remove: (store, seed) => store.write((tx) => tx.passkeys.remove(personId(seed), seed.id)),
  duplicates: { passkeys_credential: (tx, seed, id) => tx.passkeys.insert({ ...row(seed), id }) },
  since: 9,
  stored(seed) {
    const { person, id, credentialId, name, createdAtMs } = row(seed)
    return [
      [
        'passkeys',
        {
          person,
          id,
          credential_id: credentialId,
          name,
          public_key: 'cose',
          sign_count: 1,
          backup_eligible: 1,
          transports_json: '["internal","hybrid"]',
          created_at: createdAtMs,
          last_used_at: FIRST_MS,
        },
      ],
    ]
  },
}
