import type { EnvironmentSecretRow } from '../../port/secrets.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdList } from './example.ts'

export function environmentSecret(
  owner: string,
  id: string,
  more: Partial<EnvironmentSecretRow> = {},
): EnvironmentSecretRow {
  return {
    organization: owner,
    environment: 'test',
    id,
    name: `NAME_OF_${id}`,
    sealedValue: `sealed-${id}`,
    createdAtMs: FIRST_MS,
    updatedAtMs: FIRST_MS,
    updatedBy: 'setup',
    ...more,
  }
}

const row = ({ owner, id, createdAtMs }: Seed): EnvironmentSecretRow =>
  environmentSecret(owner, id, { createdAtMs })

export const environmentSecretsExample: Example<EnvironmentSecretRow> = {
  isTenant: true,
  feedKind: 'environment-secret',
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.environmentSecrets.insert(row(seed))),
  get: (read, seed) => read.environmentSecrets.get(seed.owner, 'test', row(seed).name),
  queries: (read, { owner }) => [read.environmentSecrets.names(owner, 'test')],
  lists: {
    secrets: createdList((read, { owner }, page) => read.environmentSecrets.list(owner, 'test', page)),
  },
  update: (store, seed) =>
    change(store, seed.owner, (tx) =>
      tx.environmentSecrets.update({ ...row(seed), sealedValue: 'sealed again' }),
    ),
  rowUpdate: {
    apply: (tx, updated) => tx.environmentSecrets.update(updated),
    changes: { sealedValue: 'sealed again', updatedAtMs: FIRST_MS + 9, updatedBy: 'key_1' },
  },
  remove: (store, seed) =>
    change(store, seed.owner, (tx) => tx.environmentSecrets.remove(seed.owner, 'test', row(seed).name)),
  duplicates: {
    environment_secrets_name: (tx, seed, id) => tx.environmentSecrets.insert({ ...row(seed), id }),
  },
  since: 2,
  stored(seed) {
    const { organization, id, environment, name, ...rest } = row(seed)
    return [
      [
        'environment_secrets',
        {
          organization,
          id,
          environment,
          name,
          sealed_value: rest.sealedValue,
          created_at: rest.createdAtMs,
          updated_at: rest.updatedAtMs,
          updated_by: rest.updatedBy,
        },
      ],
    ]
  },
}
