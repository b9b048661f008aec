import { expect, test } from 'vitest'
import type { SpecDraft } from './pipeline-spec.ts'
import { completeSpec } from './pipeline-spec.ts'

const draft = (trigger: Partial<SpecDraft['trigger']>): SpecDraft => ({
  trigger: {
    kind: 'rest',
    path: null,
    routes: [],
    methods: ['GET'],
    authentication: { apiKey: true, jwt: false, basic: false },
    acceptsPublicKeys: false,
    apiKeyInQuery: false,
    login: false,
    cors: null,
    requestBytesMax: 1,
    timeoutMs: 1,
    rateLimits: [],
    responseHeaders: {},
    schedule: null,
    ...trigger,
  },
  steps: [],
})

test.each([
  ['/v{major}/{pipeline} as its default path', draft({}), 2, ['/v2/orders']],
  ['additional routes after the default path', draft({ routes: ['/o'] }), 1, ['/v1/orders', '/o']],
  ['its own path before its routes', draft({ path: '/own', routes: ['/o'] }), 1, ['/own', '/o']],
  ['no path for a schedule', draft({ kind: 'schedule', path: '/own', routes: ['/o'] }), 1, []],
  [
    'paths with methods of their own',
    draft({ path: '/own', routes: ['/o', { path: '/p', methods: ['POST'] }] }),
    1,
    ['/own', '/o', '/p'],
  ],
] as const)('completeSpec gives a spec %s', (_, given, major, paths) => {
  const { trigger } = completeSpec(given, 'orders', major)
  expect(trigger.paths).toEqual(paths)
  expect(trigger).not.toHaveProperty('path')
  expect(trigger).not.toHaveProperty('routes')
})

test('completeSpec says which methods each path has, if one has methods of its own', () => {
  const methodsOf = (routes: SpecDraft['trigger']['routes']) => {
    const { methods, routeMethods } = completeSpec(draft({ path: '/a', routes }), 'orders', 1).trigger
    return { methods, routeMethods }
  }
  expect(methodsOf(['/b'])).toEqual({ methods: ['GET'], routeMethods: undefined })
  expect(methodsOf(['/b', { path: '/c', methods: ['PUT', 'GET'] }])).toEqual({
    methods: ['GET', 'PUT'],
    routeMethods: { '/a': ['GET'], '/b': ['GET'], '/c': ['PUT', 'GET'] },
  })
})

test('completeSpec merges routes of one path if no method is in both, and keeps their rules', () => {
  const request = { query: false }
  const complete = (routes: SpecDraft['trigger']['routes'], path: string | null = '/a') => {
    const { paths, methods, routeMethods, writtenRoutes } = completeSpec(
      draft({ path, routes }),
      'orders',
      1,
    ).trigger
    return { paths, methods, routeMethods, writtenRoutes }
  }
  expect(
    complete(['/b', { path: '/a', methods: ['POST'], request }, { path: '/a', methods: ['PUT', 'PATCH'] }]),
  ).toEqual({
    paths: ['/a', '/b'],
    methods: ['GET', 'POST', 'PUT', 'PATCH'],
    routeMethods: { '/a': ['GET', 'POST', 'PUT', 'PATCH'], '/b': ['GET'] },
    writtenRoutes: [
      { path: '/a', methods: ['GET'] },
      { path: '/b', methods: ['GET'] },
      { path: '/a', methods: ['POST'], request },
      { path: '/a', methods: ['PUT', 'PATCH'] },
    ],
  })
  expect(complete([{ path: '/v1/orders', methods: ['POST'] }], null).paths).toEqual(['/v1/orders'])
  // The gate refuses what is there twice.
  expect(complete([{ path: '/a', methods: ['POST', 'GET'] }]).paths).toEqual(['/a', '/a'])
  expect(complete(['/a']).paths).toEqual(['/a', '/a'])
  expect(complete([{ path: '/b', methods: ['GET'] }]).writtenRoutes).toBeUndefined()
})
