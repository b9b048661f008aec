import { describe, expect, test } from 'vitest'
import { deployment } from '../testing/started-gateway.ts'
import { RouteTable } from './route-table.ts'

const routes = new RouteTable([
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
    expect(routes.find(method, path)?.deployment.pipeline).toBe(pipeline)
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
    expect(routes.find(method, path)).toBeNull()
  })

  test('The methods of a path are listed', () => {
    expect(routes.methodsOf('/orders')).toEqual(['GET', 'HEAD', 'POST'])
    expect(routes.methodsOf('/nothing')).toEqual([])
  })

  test('Two patterns of the same shape do not affect other routes', () => {
    const table = new RouteTable([
      deployment({ paths: ['/a/:x'] }, undefined, { pipeline: 'first' }),
      deployment({ paths: ['/a/:y', '/b'] }, undefined, { pipeline: 'second' }),
    ])
    expect(table.find('GET', '/a/1')?.deployment.pipeline).toBe('first')
    expect(table.find('GET', '/b')?.deployment.pipeline).toBe('second')
  })
})
