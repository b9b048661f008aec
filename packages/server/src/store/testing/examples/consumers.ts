import type { ConsumerRow } from '../../port/consumers.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns, createdList } from './example.ts'

export function consumer(owner: string, id: string, more: Partial<ConsumerRow> = {}): ConsumerRow {
  return {
    organization: owner,
    id,
    name: `name of ${id}`,
    title: null,
    description: null,
    environment: 'test',
    active: true,
    pipelines: [],
    projects: [],
    labels: {},
    plan: null,
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

const row = ({ owner, id, createdAtMs }: Seed): ConsumerRow =>
  consumer(owner, id, { pipelines: ['orders'], createdAtMs })

export const consumersExample: Example<ConsumerRow> = {
  isTenant: true,
  feedKind: 'consumer',
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.consumers.insert(row(seed))),
  get: (read, { owner, id }) => read.consumers.get(owner, id),
  queries: (read, seed) => [
    read.consumers.getByName(seed.owner, 'test', row(seed).name),
    read.consumers.matching(seed.owner, {
      ids: [seed.id],
      names: [row(seed).name],
      environments: ['test'],
    }),
  ],
  lists: { consumers: createdList((read, { owner }, page) => read.consumers.list(owner, page)) },
  update: (store, seed) =>
    change(store, seed.owner, (tx) => tx.consumers.update({ ...row(seed), active: false, pipelines: [] })),
  rowUpdate: {
    apply: (tx, updated) => tx.consumers.update(updated),
    changes: {
      description: 'changed',
      active: false,
      pipelines: [],
      projects: ['default'],
      labels: { team: 'payments' },
      plan: 'gold',
    },
  },
  remove: (store, { owner, id }) => change(store, owner, (tx) => tx.consumers.remove(owner, id)),
  duplicates: { consumers_name: (tx, seed, id) => tx.consumers.insert({ ...row(seed), id }) },
  since: 1,
  stored(seed) {
    const { organization, id, environment, name, description, ...rest } = row(seed)
    const columns = { organization, id, environment, name, description, active: 1, ...createdColumns(rest) }
    return [
      ['consumers', columns],
      ['consumer_pipelines', { organization, consumer: id, pipeline: 'orders' }],
    ]
  },
}
