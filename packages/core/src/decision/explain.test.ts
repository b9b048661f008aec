import { describe, expect, test } from 'vitest'
import type { Denied } from './decision.ts'
import { challenge, type DenyReason, denyStatus } from './deny.ts'
import { CHECKS, explain } from './explain.ts'
import type { DeploymentRecord } from '../feed/records.ts'
import type { Authentication } from '../pipelines/pipeline-spec.ts'

function deploymentAsking(authentication: Authentication): DeploymentRecord {
  return {
    kind: 'deployment',
    organization: 'acme',
    environment: 'prod',
    id: 'dep_1',
    pipeline: 'orders',
    project: 'default',
    version: '1.0',
    spec: {
      trigger: {
        kind: 'http',
        paths: ['/orders'],
        methods: ['GET'],
        authentication,
        acceptsPublicKeys: false,
        apiKeyInQuery: false,
        login: false,
        cors: null,
        requestBytesMax: 1,
        timeoutMs: 1,
        rateLimits: [],
        responseHeaders: {},
        schedule: null,
      },
      steps: [],
    },
  }
}

const everything = deploymentAsking({ apiKey: true, jwt: true, basic: true })
const keyAlone = deploymentAsking({ apiKey: true, jwt: false, basic: false })
const nothing = deploymentAsking({ apiKey: false, jwt: false, basic: false })

function denied(reason: DenyReason, deployment: DeploymentRecord | null): Denied {
  return { kind: 'deny', reason, deployment, allowed: [], retryAfterMs: 0, secret: null, budgets: [] }
}

const STATUS = {
  route_not_found: [404, 'route'],
  method_not_allowed: [405, 'route'],
  credential_ambiguous: [401, 'credentials'],
  credential_missing: [401, 'api-key'],
  credential_invalid: [401, 'api-key'],
  key_inactive: [401, 'api-key'],
  key_expired: [401, 'api-key'],
  key_outdated: [401, 'api-key'],
  key_deleted: [401, 'api-key'],
  key_wrong_environment: [403, 'environment'],
  address_not_allowed: [403, 'address'],
  pipeline_not_allowed: [403, 'association'],
  basic_invalid: [401, 'basic'],
  token_missing: [401, 'jwt'],
  token_invalid: [401, 'jwt'],
  token_expired: [401, 'jwt'],
  token_wrong_consumer: [403, 'jwt'],
  rate_limited: [429, 'limits'],
} as const satisfies Record<DenyReason, readonly [number, string]>

describe('a refusal', () => {
  test.each(Object.entries(STATUS) as [DenyReason, readonly [number, string]][])(
    '%s',
    (reason, [status, check]) => {
      expect(denyStatus(reason)).toBe(status)
      const trace = explain(denied(reason, everything))
      const last = CHECKS.findIndex((each) => each === check)
      expect(trace.map((entry) => entry.check)).toEqual(CHECKS.slice(0, last + 1))
      expect(trace.at(-1)).toEqual({ check, outcome: 'failed', reason })
      expect(
        new Set(trace.slice(0, -1).map((entry) => entry.outcome)).difference(new Set(['passed'])).size,
      ).toBe(0)
    },
  )

  test.each(Object.keys(STATUS) as DenyReason[])('%s carries a challenge of its kind', (reason) => {
    expect(challenge(reason)).toMatch(reason === 'basic_invalid' ? /^Basic realm="/ : /^Bearer realm="/)
    const isMissing = reason.endsWith('_missing') || reason === 'basic_invalid'
    expect(challenge(reason).includes('error="invalid_token"')).toBe(!isMissing)
  })
})

describe('the trace', () => {
  const principal = { organization: 'acme', consumer: null, keyId: null, claims: null }

  test('of an allowed request has every check, and says which were not asked for', () => {
    const trace = explain({ kind: 'allow', deployment: keyAlone, principal, secret: null, budgets: [] })
    expect(trace.map((entry) => entry.check)).toEqual(CHECKS)
    expect(trace.filter((entry) => entry.outcome === 'not_asked').map((entry) => entry.check)).toEqual([
      'basic',
      'jwt',
    ])
  })
  test.each([
    ['basic', { apiKey: false, jwt: false, basic: true }],
    ['jwt', { apiKey: false, jwt: true, basic: false }],
  ] as const)('of a pipeline that asks for %s alone passes that, and what belongs to it', (check, asked) => {
    const trace = explain({
      kind: 'allow',
      deployment: deploymentAsking(asked),
      principal,
      secret: null,
      budgets: [],
    })
    expect(trace.filter((entry) => entry.outcome === 'passed').map((entry) => entry.check)).toEqual([
      'route',
      'credentials',
      check,
      'limits',
    ])
  })
  test('of a pipeline that asks for nothing has two checks that were asked', () => {
    const trace = explain({ kind: 'allow', deployment: nothing, principal, secret: null, budgets: [] })
    expect(trace.filter((entry) => entry.outcome === 'passed').map((entry) => entry.check)).toEqual([
      'route',
      'limits',
    ])
  })
  test('of a preflight ends with the route', () => {
    expect(explain({ kind: 'preflight', deployment: keyAlone })).toEqual([
      { check: 'route', outcome: 'passed' },
    ])
  })
  test('of no route is that alone', () => {
    expect(explain(denied('route_not_found', null))).toEqual([
      { check: 'route', outcome: 'failed', reason: 'route_not_found' },
    ])
  })
})
