import { expect, test } from 'vitest'
import { byFullness } from './fullness.ts'

const NONE = { used: 0, limit: 100 }
const quotas = (keys: { readonly used: number; readonly limit: number }) => ({
  keys,
  consumers: NONE,
  pipelines: NONE,
  versions: { used: 5, limit: 100 },
  versionBytes: NONE,
  deployments: NONE,
  routes: NONE,
})

test.each([
  [79, 100, 'free'],
  [80, 100, 'near'],
  [99, 100, 'near'],
  [100, 100, 'full'],
  [101, 100, 'full'],
  [0, 0, 'full'],
])('%i of %i is %s', (used, limit, fullness) => {
  const [first, second] = byFullness(quotas({ used, limit }))
  expect([first?.name, first?.fullness, second?.name]).toEqual(['keys', fullness, 'versions'])
})

test('those with an equal share keep their order', () => {
  expect(byFullness(quotas(NONE)).map(({ name }) => name)).toEqual([
    'versions',
    'keys',
    'consumers',
    'pipelines',
    'versionBytes',
    'deployments',
    'routes',
  ])
})
