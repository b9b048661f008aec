import { completeSpec, Snapshot, type DeploymentRecord, type FeedRecord } from '@sallyport/core'
import { expect, test } from 'vitest'
import { draft } from '../testing/drafts.ts'
import { newestRoute } from './newest-route.ts'

function live(pipeline: string, version: string, methods: readonly string[]): DeploymentRecord {
  return {
    kind: 'deployment',
    organization: 'acme',
    environment: 'prod',
    id: `dep_${pipeline}_${version}`,
    pipeline,
    project: 'default',
    version,
    spec: completeSpec(draft({ methods: [...methods] }), pipeline, Number.parseInt(version, 10)),
  }
}

const records: readonly FeedRecord[] = [
  { kind: 'organization', slug: 'acme' },
  { kind: 'environment', organization: 'acme', name: 'prod' },
  live('orders', '9.1', ['GET', 'PUT']),
  live('orders', '10.0', ['POST']),
  live('invoices', '11.0', ['DELETE']),
]
const prod = Snapshot.empty().apply({ revision: 1, atMs: 0, records }).environment('acme', 'prod')

test.each([
  [undefined, 'dep_orders_10.0'],
  ['POST', 'dep_orders_10.0'],
  ['PUT', 'dep_orders_9.1'],
  // GET implies HEAD.
  ['HEAD', 'dep_orders_9.1'],
])('the newest major of orders that has the method %s is %s', (method, id) => {
  expect(newestRoute(prod, 'orders', method)).toMatchObject({ kind: 'found', deployment: { id } })
})

test('without a major that has the method, the methods of all of them are allowed', () => {
  expect(newestRoute(prod, 'orders', 'DELETE')).toEqual({
    kind: 'method_not_allowed',
    allowed: expect.toSatisfy((allowed: string[]) => allowed.toSorted().join() === 'GET,POST,PUT'),
  })
})

test('nothing is found without a live major, or without the environment', () => {
  expect(newestRoute(prod, 'order', undefined)).toEqual({ kind: 'not_found' })
  expect(newestRoute(undefined, 'orders', 'GET')).toEqual({ kind: 'not_found' })
})
