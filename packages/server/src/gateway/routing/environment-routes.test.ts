import { emptyEnvironment, Snapshot, type FeedRecord } from '@sallyport/core'
import { setImmediate } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { foundRoute } from '../testing/found-route.ts'
import { deployment } from '../testing/started-gateway.ts'
import { prepareRoutes, routesOf } from './environment-routes.ts'
import { HostRoutes } from './host-routes.ts'
import { RouteTree } from './route-tree.ts'

test('The routes of an environment are found, and an older snapshot keeps its own', () => {
  const view = emptyEnvironment('acme', 'changing')
  const first = deployment({ paths: ['/orders'] }, undefined, { id: 'dep_1' })
  const second = deployment({ paths: ['/orders'] }, undefined, { id: 'dep_2' })
  const older = { ...view, deployments: new Map([[first.id, first]]) }
  const newer = { ...view, deployments: new Map([[second.id, second]]) }
  for (const [environment, expected] of [
    [older, first],
    [newer, second],
    [older, first],
  ] as const) {
    expect(foundRoute(routesOf(environment), 'GET', '/orders')?.deployment).toBe(expected)
  }
  expect(foundRoute(routesOf(view), 'GET', '/orders')).toBeNull()
})

const ORGANIZATION = 'prepared'
const ENVIRONMENTS = ['one', 'two']

function snapshotWith(records: readonly FeedRecord[]): Snapshot {
  const owners: FeedRecord[] = [
    { kind: 'organization', slug: ORGANIZATION },
    ...ENVIRONMENTS.map((name) => ({ kind: 'environment' as const, organization: ORGANIZATION, name })),
  ]
  return Snapshot.empty().apply({ revision: 1, atMs: 0, records: [...owners, ...records] })
}

function deploymentIn(environment: string, id: string): FeedRecord {
  return deployment({ paths: [`/${id}`] }, undefined, { id, organization: ORGANIZATION, environment })
}

/** The paths found in each environment, and how many tables had to be made for that. */
function found(snapshot: Snapshot, ids: readonly string[]): { paths: string[]; made: number } {
  const changes = vi.spyOn(RouteTree.prototype, 'edit')
  const paths = [...snapshot.environments()].flatMap((view) =>
    ids
      .filter((id) => foundRoute(routesOf(view), 'GET', `/${id}`) !== null)
      .map((id) => `${view.name}/${id}`),
  )
  const made = changes.mock.calls.length
  changes.mockRestore()
  return { paths, made }
}

test('After the preparation of a snapshot or a change, no request waits for the routes of an environment', async () => {
  const first = snapshotWith([deploymentIn('one', 'dep_1'), deploymentIn('two', 'dep_2')])
  await prepareRoutes(first, 'all')
  const ids = ['dep_1', 'dep_2', 'dep_3']
  expect(found(first, ids)).toEqual({ paths: ['one/dep_1', 'two/dep_2'], made: 0 })
  for (const [records, paths] of [
    [[deploymentIn('two', 'dep_3')], ['one/dep_1', 'two/dep_2', 'two/dep_3']],
    [[{ kind: 'removed', of: 'deployment', organization: ORGANIZATION, id: 'dep_2' }], ['one/dep_1']],
  ] as const) {
    const next = first.apply({ revision: 2, atMs: 1, records })
    await prepareRoutes(next, records)
    expect(found(next, ids)).toEqual({ paths, made: 0 })
  }
  const reloaded = snapshotWith([deploymentIn('one', 'dep_3')])
  await prepareRoutes(reloaded, 'all')
  expect(found(reloaded, ids)).toEqual({ paths: ['one/dep_3'], made: 0 })
})

test('The routes after a change are derived from those before it, for the environments that changed last', () => {
  const derived = vi.spyOn(HostRoutes.prototype, 'after')
  const isDerived = (name: string, id: string): boolean => {
    derived.mockClear()
    const one = deployment({ paths: [`/${id}`] }, undefined, { id })
    const view = { ...emptyEnvironment('many', name), deployments: new Map([[id, one]]) }
    expect(foundRoute(routesOf(view), 'GET', `/${id}`)?.deployment).toBe(one)
    return derived.mock.calls.length > 0
  }
  expect(isDerived('first', 'dep_1')).toBe(false)
  expect(isDerived('second', 'dep_1')).toBe(false)
  expect(isDerived('first', 'dep_2')).toBe(true)
  for (let index = 2; index < 10_000; index += 1) {
    routesOf({ ...emptyEnvironment('many', `other-${index}`), deployments: new Map() })
  }
  expect(isDerived('first', 'dep_3')).toBe(true)
  routesOf({ ...emptyEnvironment('many', 'last'), deployments: new Map() })
  expect(isDerived('second', 'dep_2')).toBe(false)
  expect(isDerived('first', 'dep_4')).toBe(true)
  derived.mockRestore()
})

test('Requests are served while the routes of a large change are made', async () => {
  const paths = Array.from({ length: 5000 }, (_, index) => `/many/${index}/:id`)
  const many = deployment({ paths }, undefined, {
    id: 'dep_many',
    organization: ORGANIZATION,
    environment: 'one',
  })
  for (const [snapshot, records] of [
    [snapshotWith([many]), 'all'],
    [snapshotWith([{ ...many, spec: { ...many.spec } }]), [many]],
  ] as const) {
    let turns = 0
    let isOver = false
    const preparation = prepareRoutes(snapshot, records).finally(() => (isOver = true))
    while (!isOver) {
      await setImmediate()
      turns += 1
    }
    await preparation
    expect(turns).toBeGreaterThan(5)
    expect(found(snapshot, ['many/4999/x'])).toEqual({ paths: ['one/many/4999/x'], made: 0 })
  }
})

test('A change of other things makes no routes', async () => {
  const snapshot = snapshotWith([deploymentIn('one', 'dep_1')])
  const prepared = async (records: readonly FeedRecord[]): Promise<number> => {
    const next = snapshot.apply({
      revision: 2,
      atMs: 1,
      records: [{ kind: 'removed', of: 'deployment', organization: ORGANIZATION, id: 'dep_1' }],
    })
    const changes = vi.spyOn(RouteTree.prototype, 'edit')
    await prepareRoutes(next, records)
    const made = changes.mock.calls.length
    changes.mockRestore()
    return made
  }
  expect(await prepared([{ kind: 'organization', slug: ORGANIZATION }])).toBe(0)
  expect(await prepared([{ kind: 'removed', of: 'consumer', organization: ORGANIZATION, id: 'con_1' }])).toBe(
    0,
  )
  expect(await prepared([{ kind: 'removed', of: 'deployment', organization: 'unknown', id: 'dep_1' }])).toBe(
    0,
  )
  expect(
    await prepared([{ kind: 'removed', of: 'deployment', organization: ORGANIZATION, id: 'dep_1' }]),
  ).toBeGreaterThan(0)
})
