import { describe, expect, test } from 'vitest'
import type { DeploymentRecord } from '@sallyport/core'
import { changeBetween } from './deployment-change.ts'
import { foundRoute, tableOf } from '../testing/found-route.ts'
import { deployment, OPEN } from '../testing/started-gateway.ts'
import { atOnce } from './steps.ts'

const routes = tableOf([
  deployment({ paths: ['/orders', '/orders/:id'], methods: ['GET', 'POST'] }, undefined, {
    pipeline: 'orders',
  }),
  deployment({ paths: ['/files/*'], methods: ['PUT'] }, undefined, { pipeline: 'files' }),
  deployment({ paths: ['/'], methods: ['GET'] }, undefined, { pipeline: 'root' }),
  deployment({ paths: ['/ping'], methods: ['HEAD', 'GET'] }, undefined, { pipeline: 'ping' }),
  deployment({ paths: [], methods: [], kind: 'schedule' }, undefined, { pipeline: 'nightly' }),
])

describe('A route', () => {
  test.each([
    ['GET', '/orders', 'orders'],
    ['HEAD', '/orders', 'orders'],
    ['GET', '/orders/7', 'orders'],
    ['GET', '/orders/a%2Fb', 'orders'],
    ['PUT', '/files/a/b', 'files'],
    ['PUT', '/files/', 'files'],
    ['GET', '/', 'root'],
    ['HEAD', '/ping', 'ping'],
    ['GET', '/%6Frders', 'orders'],
    ['GET', `/orders/${'x'.repeat(4000)}`, 'orders'],
  ])('%s %s is found', (method, path, pipeline) => {
    expect(foundRoute(routes, method, path)?.deployment.pipeline).toBe(pipeline)
  })

  test.each([
    ['GET', '/Orders'],
    ['GET', '/orders/'],
    ['GET', '//orders'],
    ['GET', '/orders//'],
    ['GET', '/orders/7/8'],
    ['DELETE', '/orders'],
    ['PUT', '/files'],
    ['HEAD', '/files/x'],
    ['NONSENSE', '/orders'],
    ['__proto__', '/orders'],
    ['constructor', '/orders'],
  ])('%s %s is not found', (method, path) => {
    expect(foundRoute(routes, method, path)).toBeNull()
  })

  test('The methods of a path are listed', () => {
    expect(routes.methodsOf('/orders')).toEqual(['GET', 'HEAD', 'POST'])
    expect(routes.methodsOf('/nothing')).toEqual([])
  })

  test('Two patterns of the same shape do not affect other routes', () => {
    const table = tableOf([
      deployment({ paths: ['/a/:x'] }, undefined, { pipeline: 'first' }),
      deployment({ paths: ['/a/:y', '/b'] }, undefined, { pipeline: 'second' }),
    ])
    expect(foundRoute(table, 'GET', '/a/1')?.deployment.pipeline).toBe('first')
    expect(foundRoute(table, 'GET', '/b')?.deployment.pipeline).toBe('second')
  })
})

describe('A change of an environment', () => {
  const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS']
  const PATTERNS = ['/', '/a', '/a/:x', '/a/:y', '/a/*', '/:x/b', '/a/b', '/a/b/c', '/*', '/:x', '/B']
  const PATHS = [
    '/',
    '/a',
    '/a/',
    '/a/b',
    '/a/c',
    '/a/b/c',
    '/c/b',
    '/c',
    '/c/d',
    '/%61/b',
    '/a%2Fb',
    '/a//b',
    '/A',
    '/a/B',
    '/a/b/',
    '/B/b',
  ]

  test('gives the same table as loading its deployments anew, and leaves the previous table as it was', () => {
    // A fixed sequence of pseudorandom numbers.
    let state = 1
    const random = (below: number): number => {
      state = (state * 48_271) % 2_147_483_647
      return state % below
    }
    let deployments: ReadonlyMap<string, DeploymentRecord> = new Map()
    let table = tableOf([])
    const found = (any: ReturnType<typeof tableOf>): unknown[] =>
      PATHS.flatMap((path) => [
        ...METHODS.map((method) => {
          const route = foundRoute(any, method, path)
          if (route === null) return null
          const variants = [true, false].map((isPlain) => any.mayReachOther(route, method, path, isPlain))
          return { route, variants }
        }),
        any.methodsOf(path),
      ])
    for (let round = 0; round < 300; round += 1) {
      const changed = new Map(deployments)
      for (let change = 0; change <= random(3); change += 1) {
        const id = `dep_${random(12)}`
        const paths = PATTERNS.filter(() => random(4) === 0)
        const methods = METHODS.filter(() => random(2) === 0)
        if (random(3) === 0) changed.delete(id)
        else {
          const guard = random(2) === 0 ? {} : { authentication: OPEN }
          changed.set(id, deployment({ paths, methods, ...guard }, undefined, { id, pipeline: id }))
        }
      }
      const before = found(table)
      const next = atOnce(table.after(changeBetween(deployments, changed)))
      expect(found(next)).toEqual(found(tableOf([...changed.values()])))
      expect(found(table)).toEqual(before)
      table = next
      deployments = changed
    }
    expect(found(atOnce(table.after(changeBetween(deployments, new Map())))).flat()).toEqual(
      found(tableOf([])).flat(),
    )
  })

  test('of one deployment among thousands changes only its routes', () => {
    const all = new Map(
      Array.from({ length: 2000 }, (_, index) => {
        const paths = Array.from({ length: 10 }, (_unused, route) => `/p${index}/r${route}/:id`)
        return [`dep_${index}`, deployment({ paths }, undefined, { id: `dep_${index}` })] as const
      }),
    )
    const startedAtMs = performance.now()
    let table = tableOf([...all.values()])
    const loadMs = performance.now() - startedAtMs
    let deployments: ReadonlyMap<string, DeploymentRecord> = all
    for (let index = 0; index < 100; index += 1) {
      const changed = new Map(deployments)
      const id = `dep_${index}`
      changed.set(id, deployment({ paths: [`/p${index}/new`] }, undefined, { id }))
      table = atOnce(table.after(changeBetween(deployments, changed)))
      deployments = changed
    }
    const changeMs = (performance.now() - startedAtMs - loadMs) / 100
    console.log(`loading 20,000 routes: ${loadMs.toFixed(1)} ms, one change: ${changeMs.toFixed(2)} ms`)
    expect(foundRoute(table, 'GET', '/p7/new')?.deployment.id).toBe('dep_7')
    expect(foundRoute(table, 'GET', '/p7/r1/1')).toBeNull()
  })
})
