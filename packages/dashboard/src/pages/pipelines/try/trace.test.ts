import { expect, test } from 'vitest'
import { traceOf } from './trace.ts'

const KEY = { apiKey: true, jwt: false, basic: false }

function outcomes(code: string, required: Parameters<typeof traceOf>[1]): string {
  return traceOf(code, required)
    .map(({ outcome }) => outcome)
    .join(' ')
}

test('a call that is allowed passed every check that its trigger requires', () => {
  expect(outcomes('valid', KEY)).toBe('passed passed passed passed passed not-required not-required')
  expect(outcomes('valid', { apiKey: true, jwt: true, basic: true })).toBe(
    'passed passed passed passed passed passed passed',
  )
})

test('the check that refuses is the last one', () => {
  expect(outcomes('route_not_found', KEY)).toBe(
    'refused not-reached not-reached not-reached not-reached not-reached not-reached',
  )
  expect(outcomes('key_expired', KEY)).toBe(
    'passed passed refused not-reached not-reached not-reached not-reached',
  )
  expect(outcomes('maintenance', KEY)).toBe(
    'passed refused not-reached not-reached not-reached not-reached not-reached',
  )
  expect(outcomes('pipeline_not_allowed', KEY)).toBe(
    'passed passed passed passed refused not-reached not-reached',
  )
  expect(outcomes('token_missing', { ...KEY, jwt: true })).toBe(
    'passed passed passed passed passed not-required refused',
  )
})

test('a code that several checks have is of a credential that was checked', () => {
  const jwt = { apiKey: false, jwt: true, basic: false }
  expect(traceOf('pipeline_not_allowed', jwt).find(({ outcome }) => outcome === 'refused')?.check).toBe('jwt')
  const both = { apiKey: false, jwt: true, basic: true }
  expect(traceOf('pipeline_not_allowed', both).find(({ outcome }) => outcome === 'refused')?.check).toBe(
    'basic',
  )
})
