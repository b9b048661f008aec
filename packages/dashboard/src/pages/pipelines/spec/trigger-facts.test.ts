import { expect, test } from 'vitest'
import { routeOf, triggerFacts } from './trigger-facts.ts'

test('reads a spec', () => {
  const facts = triggerFacts({
    trigger: {
      kind: 'rest',
      path: '/a',
      hosts: ['a.example', 7],
      methods: ['GET'],
      authentication: { apiKey: true, jwt: false },
      login: true,
    },
    steps: [
      { call: { url: 'https://a.example.com' } },
      { call: { url: 'https://a.example.com', method: 'PUT' } },
      { transform: { body: 'body', headers: {} } },
      { 'jwt.generate': { subject: 'auth.consumer' } },
      { respond: { status: 204 } },
    ],
  })
  expect(facts).toMatchObject({
    kind: 'rest',
    isExposing: true,
    path: '/a',
    hosts: ['a.example'],
    methods: ['GET'],
    required: { apiKey: true, jwt: false, basic: false },
    isLogin: true,
    acceptsPublicKeys: false,
  })
  expect(facts.steps).toEqual([
    { place: '/steps/0', kind: 'call', about: 'https://a.example.com' },
    { place: '/steps/1', kind: 'call', about: 'PUT https://a.example.com' },
    { place: '/steps/2', kind: 'transform', about: 'body, headers' },
    { place: '/steps/3', kind: 'jwt.generate', about: 'auth.consumer' },
    { place: '/steps/4', kind: 'respond', about: '204' },
  ])
})

test.each([
  null,
  'text',
  [],
  { trigger: [], steps: {} },
  { trigger: { methods: 'GET', hosts: 'a.example', path: 1 }, steps: [null, 'x'] },
])('reads %j without a fault', (spec) => {
  expect(triggerFacts(spec)).toMatchObject({ path: null, hosts: null, methods: null })
})

test('a pipeline without a path has one of its major version and name', () => {
  const facts = triggerFacts({ trigger: { kind: 'http' } })
  expect(routeOf(facts, 'orders', '2.7')).toBe('/v2/orders')
  expect(routeOf({ ...facts, path: '/x' }, 'orders', '2.7')).toBe('/x')
})
