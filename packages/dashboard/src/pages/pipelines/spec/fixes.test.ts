import { expect, test } from 'vitest'
import { changed, parseSpec } from './spec-text.ts'
import { fix, fixableRule, type Violation } from './fixes.ts'

function violation(rule: string, path = ''): Violation {
  return { rule, path, environment: 'prod', required: 'this', found: 'that', fix: 'Do it.' }
}

function fixed(text: string, ...violations: readonly Violation[]): unknown {
  const parsed = parseSpec(changed(text, (document) => fix(document, violations)))
  return parsed.ok ? parsed.spec : null
}

test('turns credentials on and off', () => {
  const text = 'trigger: { kind: http, authentication: { jwt: true } }\nsteps: [ { respond: {} } ]\n'
  expect(fixed(text, violation('api-key-required'), violation('login-cannot-require-jwt'))).toEqual({
    trigger: { kind: 'http', authentication: { jwt: false, apiKey: true } },
    steps: [{ respond: {} }],
  })
  expect(fixed('trigger: { kind: http }\nsteps: []\n', violation('jwt-required'))).toMatchObject({
    trigger: { authentication: { jwt: true } },
  })
})

test('a login gets its step before the one that ends the pipeline', () => {
  const step = { 'jwt.generate': { subject: 'auth.consumer', expiresIn: '1h' } }
  const rule = violation('login-generates-jwt')
  expect(fixed('steps:\n  - call: { url: x }\n', rule)).toEqual({ steps: [{ call: { url: 'x' } }, step] })
  expect(fixed('steps:\n  - call: { url: x }\n  - respond: {}\n', rule)).toEqual({
    steps: [{ call: { url: 'x' } }, step, { respond: {} }],
  })
  expect(fixed('trigger: {}\n', rule)).toEqual({ trigger: {}, steps: [step] })
})

test('removes every step that nothing reaches', () => {
  const text = 'steps:\n  - respond: {}\n  - call: { url: x }\n  - transform: {}\n'
  const violations = [violation('step-unreachable', '/steps/1'), violation('step-unreachable', '/steps/2')]
  expect(fixed(text, ...violations)).toEqual({ steps: [{ respond: {} }] })
})

test('leaves to people what they must decide', () => {
  expect(fixableRule(violation('route-conflict'))).toBeUndefined()
  const text = 'trigger: { methods: [] }\n'
  expect(fixed(text, violation('route-conflict'))).toEqual({ trigger: { methods: [] } })
  expect(fixed(text, violation('methods-missing'))).toEqual({ trigger: {} })
})
