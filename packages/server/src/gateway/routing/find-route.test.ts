import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import {
  AMBIGUOUS_ROUTES_PROBLEM,
  emptyEnvironment,
  ENCODED_SLASH_PROBLEM,
  OTHER_ROUTE_PROBLEM,
  type EnvironmentView,
  type PathForm,
} from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { foundRoute } from '../testing/found-route.ts'
import { deployment, OPEN } from '../testing/started-gateway.ts'
import { routesOf } from './environment-routes.ts'
import { findRoute, type PreflightRule, type RouteMatch } from './find-route.ts'
import { AMBIGUOUS } from './route-tree.ts'

const CORS = { origins: ['*'], headers: [], credentials: false }
const ORDERS = deployment({ paths: ['/orders/:id'], methods: ['GET', 'POST'], cors: CORS }, undefined, {
  id: 'dep_orders',
})
const PLAIN = deployment({ paths: ['/plain'], methods: ['PUT'] }, undefined, { id: 'dep_plain' })
const SERVED = deployment({ paths: ['/served'], methods: ['OPTIONS'] }, undefined, { id: 'dep_served' })
const SERVED_GET = deployment({ paths: ['/served'], methods: ['GET'], cors: CORS }, undefined, {
  id: 'dep_served_get',
})
const SLASHES = deployment({ paths: ['/files/:name'], encodedSlashes: 'allow' }, undefined, {
  id: 'dep_slashes',
})
const GUARDED = deployment({ paths: ['/w/admin'] }, undefined, { id: 'dep_guarded' })
const WEAK = deployment({ paths: ['/w/*'], cors: CORS, authentication: OPEN }, undefined, { id: 'dep_weak' })
const VIEW: EnvironmentView = {
  ...emptyEnvironment('acme', 'found'),
  deployments: new Map(
    [ORDERS, PLAIN, SERVED, SERVED_GET, SLASHES, GUARDED, WEAK].map((one) => [one.id, one]),
  ),
}

interface Sent {
  readonly environment?: EnvironmentView | undefined
  readonly form?: PathForm
  readonly headers?: Readonly<Record<string, string>>
  readonly preflights?: PreflightRule
}

function find(method: string, path: string, sent: Sent = {}): RouteMatch {
  const { form = 'plain', headers = {}, preflights = 'always' } = sent
  const request = new IncomingMessage(new Socket())
  request.headers = headers
  const environment = 'environment' in sent ? sent.environment : VIEW
  return findRoute(environment, method, path, form, request, preflights)
}

const NOWHERE: RouteMatch = { fact: { kind: 'not_found' }, route: null, preflight: false, problem: null }
const asking = (method: string): Sent => ({
  headers: { origin: 'https://app.example', 'access-control-request-method': method },
})

describe('A request', () => {
  test('gets the route of its method and path', () => {
    const match = find('POST', '/orders/7')
    expect(match).toMatchObject({ fact: { kind: 'found' }, preflight: false, problem: null })
    expect(match.route?.deployment).toBe(ORDERS)
    expect(match.fact).toBe(match.route?.fact)
  })

  test('that no route matches is not found, nor is one to an environment that does not exist', () => {
    expect(find('GET', '/nowhere')).toEqual(NOWHERE)
    expect(find('GET', '/orders/7', { environment: undefined })).toEqual(NOWHERE)
  })

  test('with another method learns the methods that the path has', () => {
    const fact = { kind: 'method_not_allowed', allowed: ['GET', 'HEAD', 'POST'] }
    expect(find('PUT', '/orders/7')).toEqual({ ...NOWHERE, fact })
  })

  test('with an encoded slash is refused, unless its route allows that', () => {
    const form = 'encoded-slash'
    expect(find('GET', '/orders/7', { form })).toMatchObject({ problem: ENCODED_SLASH_PROBLEM })
    expect(find('GET', '/orders/7', { form }).route?.deployment).toBe(ORDERS)
    expect(find('PUT', '/orders/7', { form })).toMatchObject({
      fact: { kind: 'method_not_allowed' },
      problem: ENCODED_SLASH_PROBLEM,
    })
    expect(find('GET', '/nowhere', { form })).toEqual({ ...NOWHERE, problem: ENCODED_SLASH_PROBLEM })
    const environment = undefined
    expect(find('GET', '/x', { form, environment })).toEqual({ ...NOWHERE, problem: ENCODED_SLASH_PROBLEM })
    expect(find('GET', '/files/a%2Fb', { form })).toMatchObject({ fact: { kind: 'found' }, problem: null })
  })

  test('that a lenient server could read as one to a guarded route is refused', () => {
    const refused = { fact: { kind: 'found' }, problem: OTHER_ROUTE_PROBLEM }
    expect(find('GET', '/w/ADMIN', { form: 'variant' })).toMatchObject(refused)
    expect(find('GET', '/w/other', { form: 'variant' })).toMatchObject({ problem: null })
    expect(find('GET', '/w/admin', { form: 'variant' }).route?.deployment).toBe(GUARDED)
  })
})

describe('A preflight', () => {
  test('gets the route of the method that it asks about', () => {
    const match = find('OPTIONS', '/orders/7', asking('POST'))
    expect(match).toMatchObject({ preflight: true, problem: null })
    expect(match.route?.deployment).toBe(ORDERS)
    expect(match.fact).toBe(match.route?.fact)
  })

  test('is a plain request if it names no method, its method has no route, or the route has no rules', () => {
    const plain = { fact: { kind: 'method_not_allowed' }, route: null, preflight: false }
    expect(find('OPTIONS', '/orders/7', { headers: { origin: 'https://app.example' } })).toMatchObject(plain)
    expect(find('OPTIONS', '/orders/7', asking('DELETE'))).toMatchObject(plain)
    expect(find('OPTIONS', '/plain', asking('PUT'))).toMatchObject(plain)
    const { headers } = asking('POST')
    expect(
      find('OPTIONS', '/orders/7', { headers: { ...headers, origin: undefined as unknown as string } }),
    ).toMatchObject(plain)
    expect(find('POST', '/orders/7', asking('POST'))).toMatchObject({ preflight: false })
  })

  test('goes to a pipeline that serves OPTIONS itself, where that takes precedence', () => {
    const sent = asking('GET')
    expect(find('OPTIONS', '/served', { ...sent, preflights: 'unless-served' })).toMatchObject({
      preflight: false,
      route: { deployment: SERVED },
    })
    expect(find('OPTIONS', '/served', { ...sent, preflights: 'always' })).toMatchObject({
      preflight: true,
      route: { deployment: SERVED_GET },
    })
    expect(find('OPTIONS', '/orders/7', { ...asking('GET'), preflights: 'unless-served' })).toMatchObject({
      preflight: true,
    })
  })

  test('is refused like the request that it asks about', () => {
    expect(find('OPTIONS', '/w/ADMIN', { ...asking('GET'), form: 'variant' })).toMatchObject({
      preflight: true,
      problem: OTHER_ROUTE_PROBLEM,
    })
  })
})

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
