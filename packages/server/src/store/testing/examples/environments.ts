import type { EnvironmentRow } from '../../port/environments.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'

export function environment(owner: string, name: string, more: Partial<EnvironmentRow> = {}): EnvironmentRow {
  return {
    organization: owner,
    name,
    position: 0,
    requiresPrevious: false,
    whenStale: 'serve',
    createdAtMs: FIRST_MS,
    ...more,
  }
}

const row = ({ owner, id, index }: Seed): EnvironmentRow => environment(owner, id, { position: index % 2 })

export const environmentsExample: Example<EnvironmentRow> = {
  isTenant: true,
  feedKind: 'environment',
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.environments.insert(row(seed))),
  get: (read, { owner, id }) => read.environments.get(owner, id),
  queries: (read, { owner }) => [read.environments.staleRefusal(owner)],
  lists: {
    environments: {
      read: (read, { owner }, page) => read.environments.list(owner, page),
      cursor: ['number', 'string'],
    },
  },
  update: (store, { owner, id }) => change(store, owner, (tx) => tx.environments.move(owner, id, 7)),
  remove: (store, { owner, id }) => change(store, owner, (tx) => tx.environments.remove(owner, id)),
  duplicates: { environments_pkey: (tx, seed) => tx.environments.insert(row(seed)) },
  since: 1,
  stored(seed) {
    const { organization, name, position, createdAtMs } = row(seed)
    return [['environments', { organization, name, position, created_at: createdAtMs }]]
  },
}
