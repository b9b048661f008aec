import type { SigningKeyRow } from '../../port/signing-keys.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns } from './example.ts'

export function signingKey(owner: string, id: string, more: Partial<SigningKeyRow> = {}): SigningKeyRow {
  return {
    organization: owner,
    environment: 'test',
    id,
    algorithm: 'EdDSA',
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x: `public-${id}`, kid: id, alg: 'EdDSA' },
    sealedPrivateJwk: `sealed-${id}`,
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    verifiesUntilMs: null,
    ...more,
  }
}

/** The first key signs; the others only verify. */
const row = ({ owner, id, index, createdAtMs }: Seed): SigningKeyRow =>
  signingKey(owner, id, { createdAtMs, verifiesUntilMs: index === 0 ? null : index })

export const signingKeysExample: Example<SigningKeyRow> = {
  isTenant: true,
  feedKind: 'signing-key',
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.signingKeys.insert(row(seed))),
  async get(read, { owner, id }) {
    return (await read.signingKeys.all(owner, 'test')).find((signing) => signing.id === id)
  },
  queries: (read, { owner }) => [read.signingKeys.all(owner, 'test')],
  lists: {},
  update: (store, { owner, id }) =>
    change(store, owner, (tx) => tx.signingKeys.retire(owner, id, FIRST_MS + 9)),
  remove: (store, { owner, id }) => change(store, owner, (tx) => tx.signingKeys.remove(owner, id)),
  duplicates: { signing_keys_signing: (tx, seed, id) => tx.signingKeys.insert({ ...row(seed), id }) },
  since: 2,
  stored(seed) {
    const { organization, id, environment, algorithm, ...rest } = row(seed)
    return [
      [
        'signing_keys',
        {
          organization,
          id,
          environment,
          algorithm,
          public_jwk_json: JSON.stringify(rest.publicJwk),
          sealed_private_jwk: rest.sealedPrivateJwk,
          ...createdColumns(rest),
          verifies_until: rest.verifiesUntilMs,
        },
      ],
    ]
  },
}
