import { expect, test } from 'vitest'
import type { DeploymentRecord, PlanRecord } from '../feed/records.ts'
import { type PlanLimit, planId } from '../limits/plan-limit.ts'
import { Snapshot } from '../snapshot/snapshot.ts'
import { planLimitsOf } from './plan-limits.ts'

const DAILY: PlanLimit = { requests: 1, per: 'day', scope: 'environment' }

function plan(organization: string, environment: string, name: string): PlanRecord {
  return { kind: 'plan', organization, environment, id: planId(environment, name), rateLimits: [DAILY] }
}

function consumer(organization: string, id: string, planned?: string) {
  const record = { kind: 'consumer', organization, id, name: id, environment: 'prod', active: true } as const
  return { ...record, pipelines: [], ...(planned !== undefined && { plan: planned }) }
}

const snapshot = Snapshot.empty().apply({
  revision: 1,
  atMs: 0,
  records: [
    ...['acme', 'rival'].flatMap((organization) => [
      { kind: 'organization' as const, slug: organization },
      ...['prod', 'test'].map((name) => ({ kind: 'environment' as const, organization, name })),
      plan(organization, 'prod', 'gold'),
      plan(organization, 'test', 'silver'),
    ]),
    consumer('acme', 'con_gold', 'prod/gold'),
    consumer('acme', 'con_silver', 'test/silver'),
    consumer('acme', 'con_gone', 'prod/gone'),
    consumer('acme', 'con_none'),
  ],
})

test.each([
  ['acme', 'con_gold', 'acme', 'prod', [DAILY]],
  // The same consumer where its plan is not.
  ['acme', 'con_gold', 'acme', 'test', []],
  ['acme', 'con_gold', 'rival', 'prod', []],
  ['acme', 'con_silver', 'acme', 'prod', []],
  ['acme', 'con_gone', 'acme', 'prod', []],
  ['acme', 'con_none', 'acme', 'prod', []],
  ['acme', 'con_unknown', 'acme', 'prod', []],
  ['acme', null, 'acme', 'prod', []],
] as const)('of %s, %s has at %s in %s the limits %j', (organization, id, owner, environment, limits) => {
  const deployment = { organization: owner, environment } as DeploymentRecord
  expect(planLimitsOf(snapshot, { organization, consumer: id }, deployment)).toEqual(limits)
})
