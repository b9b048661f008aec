import { type KeyId, NO_KEY_AGE } from '@sallyport/core'
import type { KeyRow, SecretRow } from '../../port/keys.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, type StoredRow, createdColumns, createdList } from './example.ts'

export function secret(sequence: number, more: Partial<SecretRow> = {}): SecretRow {
  return {
    sequence,
    digest: sequence.toString(16).padStart(64, '0'),
    hint: `sp_sk_…${sequence}`,
    createdAtMs: FIRST_MS,
    expiresAtMs: null,
    requests: 0,
    lastUsedAtMs: null,
    lastUsedAddress: null,
    ...more,
  }
}

/** A key id that ends in `name`. */
export function keyId(name: string): KeyId {
  return `key_${name.padStart(16, '0')}`
}

export function key(owner: string, id: KeyId, more: Partial<KeyRow> = {}): KeyRow {
  return {
    organization: owner,
    id,
    name: `name of ${id}`,
    type: 'secret',
    environment: 'test',
    consumer: null,
    roles: [],
    active: true,
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    expiresAtMs: null,
    deletedAtMs: null,
    addressRules: [],
    rateLimits: [],
    labels: {},
    publicTokens: [],
    age: NO_KEY_AGE,
    secrets: [secret(1)],
    ...more,
  }
}

/** A key of the consumer with the seed's id, with one, two or no secrets. Key ids are globally unique. */
const row = ({ owner, index, id, createdAtMs }: Seed): KeyRow =>
  key(owner, keyId(`${owner}${index}`), {
    consumer: id,
    createdAtMs,
    secrets: [secret(1), secret(2)].slice(0, (index + 1) % 3),
  })

const organizationKey = ({ owner, index }: Seed): KeyRow =>
  key(owner, keyId(`${owner}o${index}`), { environment: null, roles: ['owner'] })

/** A key as the first migration stores it, without its secrets. */
export function storedKey(one: KeyRow): StoredRow {
  return [
    'keys',
    {
      organization: one.organization,
      id: one.id,
      name: one.name,
      type: one.type,
      environment: one.environment,
      consumer: one.consumer,
      roles_json: JSON.stringify(one.roles),
      active: 1,
      ...createdColumns(one),
      expires_at: null,
      deleted_at: one.deletedAtMs,
      address_rules_json: '[]',
      rate_limits_json: '[]',
      public_tokens_json: null,
    },
  ]
}

function stored(more: KeyRow): readonly StoredRow[] {
  const { organization, id } = more
  return [
    storedKey(more),
    ...more.secrets.map(({ sequence, digest, hint, createdAtMs }): StoredRow => [
      'secrets',
      { organization, key_id: id, sequence, digest, hint, created_at: createdAtMs, expires_at: null },
    ]),
  ]
}

/** The id of the example's key. */
export function exampleKeyId(seed: Seed): KeyId {
  return row(seed).id
}

export const keysExample: Example<KeyRow> = {
  isTenant: true,
  feedKind: 'key',
  row,
  insert: (store, seed) =>
    change(store, seed.owner, async (tx) => {
      await tx.keys.insert(row(seed))
      await tx.keys.insert(organizationKey(seed))
    }),
  get: (read, seed) => read.keys.get(seed.owner, row(seed).id),
  queries: (read, seed) => [
    read.keys.find(row(seed).id),
    read.keys.allOfConsumer(seed.owner, seed.id),
    read.keys.consumerNames(seed.owner, [row(seed).id]),
    read.keys.taken([row(seed).id]),
    read.keys.countsOfConsumers(seed.owner, [seed.id]),
    read.keys.countUsingRole(seed.owner, 'owner', FIRST_MS),
  ],
  lists: { keys: createdList((read, { owner }, page) => read.keys.list(owner, page)) },
  update: (store, seed) =>
    change(store, seed.owner, async (tx) => {
      await tx.keys.update({ ...row(seed), name: 'changed', active: false })
      await tx.keys.replaceSecrets(seed.owner, row(seed).id, [secret(3)])
    }),
  rowUpdate: {
    apply: (tx, updated) => tx.keys.update(updated),
    // Without `publicTokens`, which a secret key never has.
    changes: {
      name: 'changed',
      environment: 'prod',
      consumer: null,
      roles: ['invoker'],
      active: false,
      expiresAtMs: FIRST_MS + 9,
      deletedAtMs: FIRST_MS + 9,
      addressRules: ['::1/128'],
      rateLimits: [{ requests: 1, per: 'minute', by: 'credential' }],
      labels: { team: 'payments' },
    },
  },
  remove: (store, seed) =>
    change(store, seed.owner, (tx) => tx.keys.update({ ...row(seed), deletedAtMs: FIRST_MS + 9 })),
  since: 1,
  stored: (seed) => [...stored(row(seed)), ...stored(organizationKey(seed))],
}
