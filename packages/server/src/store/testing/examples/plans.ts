import { planId } from '@sallyport/core'
import type { PlanRow } from '../../port/consumers/plans.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns, createdList } from './example.ts'

function plan(owner: string, name: string, more: Partial<PlanRow> = {}): PlanRow {
  return {
    organization: owner,
    environment: 'test',
    id: planId('test', name),
    name,
    title: null,
    description: null,
    rateLimits: [{ requests: 10, per: 'day', scope: 'environment' }],
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

const row = ({ owner, id, createdAtMs }: Seed): PlanRow => plan(owner, `name-of-${id}`, { id, createdAtMs })

export const plansExample: Example<PlanRow> = {
  isTenant: true,
  feedKind: 'plan',
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.plans.insert(row(seed))),
  get: (read, seed) => read.plans.get(seed.owner, 'test', row(seed).name),
  queries: (read, { owner }) => [read.plans.countOfEnvironment(owner, 'test')],
  lists: { plans: createdList((read, { owner }, page) => read.plans.list(owner, 'test', page)) },
  update: (store, seed) =>
    change(store, seed.owner, (tx) => tx.plans.update({ ...row(seed), rateLimits: [] })),
  rowUpdate: {
    apply: (tx, updated) => tx.plans.update(updated),
    changes: {
      title: 'Gold',
      description: 'changed',
      rateLimits: [{ requests: 1, per: 'month', scope: 'pipeline' }],
    },
  },
  remove: (store, seed) =>
    change(store, seed.owner, (tx) => tx.plans.remove(seed.owner, 'test', row(seed).name)),
  duplicates: { plans_name: (tx, seed, id) => tx.plans.insert({ ...row(seed), id }) },
  since: 33,
  stored(seed) {
    const { organization, id, environment, name, rateLimits, ...rest } = row(seed)
    const { title, description } = rest
    return [
      [
        'plans',
        {
          organization,
          id,
          environment,
          name,
          title,
          description,
          rate_limits_json: JSON.stringify(rateLimits),
          ...createdColumns(rest),
        },
      ],
    ]
  },
}
