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
