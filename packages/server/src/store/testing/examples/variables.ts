import type { EnvironmentVariableRow } from '../../port/environments/variables.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdList } from './example.ts'

export function environmentVariable(
  owner: string,
  id: string,
  more: Partial<EnvironmentVariableRow> = {},
): EnvironmentVariableRow {
  return {
    organization: owner,
    environment: 'test',
    id,
    name: `NAME_OF_${id}`,
    value: `${id}.example.com`,
    createdAtMs: FIRST_MS,
    updatedAtMs: FIRST_MS,
    updatedBy: 'setup',
    ...more,
  }
}

const row = ({ owner, id, createdAtMs }: Seed): EnvironmentVariableRow =>
  environmentVariable(owner, id, { createdAtMs })

export const environmentVariablesExample: Example<EnvironmentVariableRow> = {
  isTenant: true,
  feedKind: 'environment-variable',
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.environmentVariables.insert(row(seed))),
  get: (read, seed) => read.environmentVariables.get(seed.owner, 'test', row(seed).name),
  queries: (read, { owner }) => [read.environmentVariables.all(owner, 'test')],
  lists: {
    variables: createdList((read, { owner }, page) => read.environmentVariables.list(owner, 'test', page)),
  },
  update: (store, seed) =>
    change(store, seed.owner, (tx) =>
      tx.environmentVariables.update({ ...row(seed), value: 'changed.example.com' }),
    ),
  rowUpdate: {
    apply: (tx, updated) => tx.environmentVariables.update(updated),
    changes: { value: 'changed.example.com', updatedAtMs: FIRST_MS + 9, updatedBy: 'key_1' },
  },
  remove: (store, seed) =>
    change(store, seed.owner, (tx) => tx.environmentVariables.remove(seed.owner, 'test', row(seed).name)),
  duplicates: {
    environment_variables_name: (tx, seed, id) => tx.environmentVariables.insert({ ...row(seed), id }),
  },
  since: 20,
  stored(seed) {
    const { organization, id, environment, name, ...rest } = row(seed)
    return [
      [
        'environment_variables',
        {
          organization,
          id,
          environment,
          name,
          value: rest.value,
          created_at: rest.createdAtMs,
          updated_at: rest.updatedAtMs,
          updated_by: rest.updatedBy,
        },
      ],
    ]
  },
}
