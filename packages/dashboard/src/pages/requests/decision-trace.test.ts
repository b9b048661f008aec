import { expect, test } from 'vitest'
import { type CheckName, type Demands, demandsOf, traceOf } from './decision-trace.ts'

const KEY_ONLY: Demands = { apiKey: true, basic: false, jwt: false }
const JWT_ONLY: Demands = { apiKey: false, basic: false, jwt: true }

function request(code: string, key: string | null = null) {
  return { code, key, pipeline: 'orders', end: 'sent' } as const
}

function resultOf(code: string, demands: Demands | undefined, name: CheckName, key: string | null = null) {
  return traceOf(request(code, key), demands).find((check) => check.name === name)?.result
}

test('the checks before the refusal passed, and those after it were not reached', () => {
  const results = traceOf(request('key_outdated', 'key_1'), KEY_ONLY).map(({ name, result }) => [
    name,
    result,
  ])
  expect(results).toEqual([
    ['received', 'passed'],
    ['route', 'passed'],
    ['entry', 'passed'],
    ['apiKey', 'passed'],
    ['state', 'refused'],
    ['environment', 'notReached'],
    ['address', 'notReached'],
    ['association', 'notReached'],
    ['basic', 'notReached'],
    ['jwt', 'notReached'],
    ['limits', 'notReached'],
    ['answer', 'notReached'],
  ])
})

test('a pipeline refuses by address before it looks at credentials', () => {
  expect(resultOf('caller_address_not_allowed', KEY_ONLY, 'entry')).toBe('refused')
  expect(resultOf('maintenance', JWT_ONLY, 'entry')).toBe('refused')
  expect(resultOf('maintenance', KEY_ONLY, 'apiKey')).toBe('notReached')
})

test('a served request passed everything that its version demands', () => {
  const results = traceOf(request('valid', 'key_1'), KEY_ONLY).map(({ result }) => result)
  expect(results).not.toContain('refused')
  expect(results).not.toContain('notReached')
  expect(resultOf('valid', KEY_ONLY, 'jwt')).toBe('notDemanded')
})

test('a failure behind the decision is one of the answer', () => {
  expect(resultOf('upstream_failed', KEY_ONLY, 'limits')).toBe('passed')
  expect(resultOf('upstream_failed', KEY_ONLY, 'answer')).toBe('refused')
})

test('a request that was refused before its route was found did not reach it', () => {
  const [received, route] = traceOf({ ...request('invalid_request'), pipeline: null }, undefined)
  expect([received?.result, route?.result]).toEqual(['refused', 'notReached'])
})

test('with a verified key, the ambiguous credential is the JWT', () => {
  expect(resultOf('credential_ambiguous', undefined, 'jwt', 'key_1')).toBe('refused')
  expect(resultOf('credential_ambiguous', undefined, 'apiKey')).toBe('refused')
})

test('without an API key, a caller of the wrong consumer is found by its JWT', () => {
  expect(resultOf('pipeline_not_allowed', JWT_ONLY, 'jwt')).toBe('refused')
  expect(resultOf('address_not_allowed', JWT_ONLY, 'jwt')).toBe('passed')
  expect(resultOf('address_not_allowed', JWT_ONLY, 'address')).toBe('refused')
})

test('as long as the version is not known, nothing is claimed about what it demands', () => {
  expect(resultOf('rate_limited', undefined, 'jwt')).toBe('passedOrNotDemanded')
  expect(resultOf('rate_limited', undefined, 'route')).toBe('passed')
})

test('where a key is optional, it is not known whether one was checked', () => {
  const demands = demandsOf({ trigger: { authentication: { apiKey: 'optional' } } })
  expect(resultOf('key_expired', demands, 'state')).toBe('refused')
  expect(resultOf('valid', demands, 'association')).toBe('passedOrNotDemanded')
  expect(resultOf('valid', demands, 'jwt')).toBe('notDemanded')
})

test('the demands are those of the spec', () => {
  expect(demandsOf({ trigger: { authentication: { apiKey: true } } })).toEqual(KEY_ONLY)
  expect(demandsOf({ trigger: { kind: 'schedule' } })).toBeUndefined()
  expect(demandsOf('kind: http')).toBeUndefined()
})
