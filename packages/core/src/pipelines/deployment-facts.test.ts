import { expect, test } from 'vitest'
import { claimsOf, isRouteClaim, routeCount } from './deployment-facts.ts'

test('claims of routes differ from claims of upstreams, also where they are cut', () => {
  const long = 'route'.repeat(200)
  const claims = claimsOf({
    methods: ['GET'],
    paths: ['/orders/:id', '/orders/:other', `/${long}`],
    acceptsPublicKeys: false,
    allowsEncodedSlashes: false,
    upstreams: [`http://${long}.example/`, 'http://route/', 'http://route/other'].map((url) => ({
      url,
      method: null,
    })),
    tokenSecondsMax: 0,
  })
  expect(claims.map(isRouteClaim)).toEqual([true, true, false, false])
})

test('each path at each host is a claim and a route of its own', () => {
  const paths = ['/a/:id', '/b']
  const routes = { acceptsPublicKeys: false, allowsEncodedSlashes: false, upstreams: [], tokenSecondsMax: 0 }
  const common = { ...routes, methods: ['GET'], paths }
  const own = { ...common, hosts: ['x.example', '*.y.example'] }
  expect(claimsOf(common)).toEqual(['route /a/:', 'route /b'])
  expect(claimsOf(own)).toEqual([
    'route x.example/a/:',
    'route *.y.example/a/:',
    'route x.example/b',
    'route *.y.example/b',
  ])
  expect([common, own].map(routeCount)).toEqual([2, 4])
})
