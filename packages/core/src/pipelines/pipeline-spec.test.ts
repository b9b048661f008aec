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
] as const)('completeSpec gives a spec %s', (_, given, major, paths) => {
  const { trigger } = completeSpec(given, 'orders', major)
  expect(trigger.paths).toEqual(paths)
  expect(trigger).not.toHaveProperty('path')
  expect(trigger).not.toHaveProperty('routes')
})
