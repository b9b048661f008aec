import { expect, test } from 'vitest'
import { type Facts, progressOf } from './progress.ts'

const NOTHING: Facts = { demands: [], pipelines: [], live: [], consumers: [] }
const ORDERS = {
  pipeline: 'orders',
  project: 'shop',
  version: '1.0',
  environment: 'test',
  url: 'https://a.example/orders',
}
const SHOP = {
  id: 'con_1',
  name: 'shop',
  environment: 'test',
  status: 'active',
  pipelines: ['orders'],
  projects: [],
} as const

test('the steps follow one another', () => {
  expect(progressOf(NOTHING).next).toBe('pipeline')
  const created = { ...NOTHING, pipelines: [{ name: 'orders' }] }
  expect(progressOf(created)).toMatchObject({ next: 'deployment', pipeline: 'orders' })
  const deployed = { ...created, live: [ORDERS] }
  expect(progressOf(deployed)).toMatchObject({ next: 'key', route: ORDERS })
  expect(progressOf({ ...deployed, consumers: [SHOP] })).toMatchObject({ next: 'call', caller: SHOP })
})

test.each([
  ['is of another environment', { ...SHOP, environment: 'prod' }, undefined],
  ['may call another pipeline', { ...SHOP, pipelines: ['stock'] }, 'shop'],
  ['has another project', { ...SHOP, pipelines: [], projects: ['stock'] }, 'shop'],
  ['is switched off', { ...SHOP, status: 'inactive' as const }, undefined],
])('a consumer that %s needs more', (_what, consumer, stranger) => {
  const progress = progressOf({ ...NOTHING, live: [ORDERS], consumers: [consumer] })
  expect([progress.next, progress.stranger?.name]).toEqual(['key', stranger])
})

test('a consumer that has the project may call', () => {
  const byProject = { ...SHOP, pipelines: [], projects: ['shop'] }
  const progress = progressOf({ ...NOTHING, live: [ORDERS], consumers: [byProject] })
  expect(progress).toMatchObject({ next: 'call', caller: byProject, stranger: undefined })
})

test('the route is one that a consumer may call, if there is one', () => {
  const stock = { ...ORDERS, pipeline: 'stock' }
  expect(progressOf({ ...NOTHING, live: [stock, ORDERS], consumers: [SHOP] }).route).toEqual(ORDERS)
  expect(progressOf({ ...NOTHING, live: [stock, ORDERS] }).route).toEqual(stock)
})

test('what runs on a schedule cannot be called', () => {
  const live = [{ ...ORDERS, pipeline: 'nightly', url: null }]
  const nightly = { ...NOTHING, pipelines: [{ name: 'nightly' }], live }
  expect(progressOf(nightly)).toMatchObject({ next: 'pipeline', pipeline: undefined, route: undefined })
  const both = { ...nightly, pipelines: [{ name: 'nightly' }, { name: 'orders' }] }
  expect(progressOf(both)).toMatchObject({ next: 'deployment', pipeline: 'orders' })
})
