import type { PolicyRow } from '../../port/policies.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns } from './example.ts'

export function policy(owner: string, more: Partial<PolicyRow> = {}): PolicyRow {
  return {
    organization: owner,
    environment: 'test',
    version: 1,
    mode: 'any',
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

const row = ({ owner, index, createdAtMs }: Seed): PolicyRow =>
  policy(owner, { version: index + 1, createdAtMs })

export const policiesExample: Example<PolicyRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.policies.insert(row(seed))),
  async get(read, seed) {
    const { items } = await read.policies.list(seed.owner, 'test', { limit: 1_000 })
    return items.find(({ version }) => version === row(seed).version)
  },
  queries: (read, { owner }) => [read.policies.current(owner, 'test')],
  lists: {
    policies: {
      read: (read, { owner }, page) => read.policies.list(owner, 'test', page),
      cursor: ['number'],
    },
  },
  update: null,
  remove: null,
  duplicates: { policies_pkey: (tx, seed) => tx.policies.insert(row(seed)) },
  since: 1,
  stored(seed) {
    const { organization, environment, version, mode, ...created } = row(seed)
    return [['policies', { organization, environment, version, mode, ...createdColumns(created) }]]
  },
}
