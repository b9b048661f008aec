import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { AMBIGUOUS_ROUTES_PROBLEM, emptyEnvironment } from '@sallyport/core'
import { expect, test } from 'vitest'
import { foundRoute } from '../testing/found-route.ts'
import { deployment, OPEN } from '../testing/started-gateway.ts'
import { routesOf } from './environment-routes.ts'
import { findRoute } from './find-route.ts'
import { AMBIGUOUS } from './route-tree.ts'

test('A request that thousands of routes almost match is refused, and never gets a weaker route', () => {
  const segments = 12
  const paths = Array.from({ length: 2 ** segments }, (_, bits) =>
    Array.from({ length: segments }, (_value, index) => ((bits >> index) & 1 ? '/a' : '/:x')).join(''),
  )
  const hostile = deployment({ paths: paths.map((path) => `/a${path}/end`) }, undefined, { id: 'dep_1' })
  const cors = { origins: ['*'], headers: [], credentials: false }
  const open = deployment({ paths: ['/*'], cors, authentication: OPEN }, undefined, { id: 'dep_2' })
  const deployments = new Map([hostile, open].map((one) => [one.id, one]))
  const view = { ...emptyEnvironment('acme', 'ambiguous'), deployments }
  const rest = `${'/a'.repeat(segments)}/other`
  const path = `/a${rest}`
  const refused = { fact: { kind: 'not_found' }, route: null, problem: AMBIGUOUS_ROUTES_PROBLEM }
  const request = new IncomingMessage(new Socket())
  expect(findRoute(view, 'GET', path, 'plain', request, 'always')).toMatchObject(refused)
  request.headers = { origin: 'https://app.example', 'access-control-request-method': 'GET' }
  expect(findRoute(view, 'OPTIONS', path, 'plain', request, 'always')).toMatchObject(refused)
  expect(findRoute(view, 'GET', '/b', 'plain', request, 'always')).toMatchObject({ problem: null })
  // A path that the exact routes tell apart at once can be ambiguous among their variants.
  const table = routesOf(view)
  expect(table.find('GET', path)).toBe(AMBIGUOUS)
  const route = foundRoute(table, 'GET', `/A${rest}`)
  expect(route !== null && table.mayReachOther(route, 'GET', `/A${rest}`, false)).toBe(true)
})
