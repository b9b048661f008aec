import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import { expect, test } from 'vitest'
import { childOf, schemaAt } from '../schema/walk.ts'
import { fieldKind, firstValue, withoutNull } from './field-kind.ts'

const TRIGGER = schemaAt({ trigger: { kind: 'http' } }, ['trigger']) ?? {}
const PROXY = schemaAt({ steps: [{ proxy: {} }] }, ['steps', 0, 'proxy']) ?? {}
const NOW = '2027-01-31T00:00:00Z'

function trigger(name: string): JsonSchema {
  return childOf(TRIGGER, name) ?? {}
}

function proxy(name: string): JsonSchema {
  return childOf(PROXY, name) ?? {}
}

test.each([
  ['apiKeyInQuery', 'switch'],
  ['trailingSlash', 'choice'],
  ['methods', 'choices'],
  ['hosts', 'texts'],
  ['addressRules', 'texts'],
  ['routes', 'texts'],
  ['cors', 'group'],
  ['maintenance', 'group'],
  ['rateLimits', 'rows'],
  ['responseHeaders', 'names'],
  ['schemas', 'text-only'],
] as const)('the field %s of a trigger is a %s', (name, kind) => {
  expect(fieldKind(trigger(name), undefined)).toBe(kind)
  expect(fieldKind(trigger(name), null)).toBe(kind)
})

test.each([
  ['url', 'text'],
  ['timeoutMs', 'number'],
  ['headers', 'names'],
  ['targets', 'rows'],
  ['tls', 'group'],
] as const)('the field %s of a proxy is a %s', (name, kind) => {
  expect(fieldKind(proxy(name), undefined)).toBe(kind)
})

test('a value that the field cannot show is left to the text', () => {
  expect(fieldKind(trigger('routes'), ['/a', { path: '/b', methods: ['GET'] }])).toBe('text-only')
  expect(fieldKind(trigger('hosts'), ['a.example', 7])).toBe('text-only')
  expect(fieldKind(trigger('cors'), true)).toBe('text-only')
  expect(fieldKind(trigger('trailingSlash'), 'maybe')).toBe('text-only')
  expect(fieldKind(trigger('methods'), ['GET', 'BREW'])).toBe('text-only')
  expect(fieldKind(proxy('timeoutMs'), '10')).toBe('text-only')
  expect(fieldKind(proxy('targets'), [{ origin: 'http://a' }, 'http://b'])).toBe('text-only')
  expect(fieldKind(proxy('headers'), { 'x-a': 7 })).toBe('names')
})

test('a value that the field can show is shown', () => {
  expect(fieldKind(trigger('routes'), ['/a'])).toBe('texts')
  expect(fieldKind(trigger('trailingSlash'), 'optional')).toBe('choice')
  expect(fieldKind(proxy('timeoutMs'), 10)).toBe('number')
})

test('an object begins with what it must have', () => {
  expect(firstValue(trigger('cors'), NOW)).toEqual({ origins: [] })
  expect(firstValue(trigger('deprecation'), NOW)).toEqual({ since: NOW })
  expect(firstValue(trigger('maintenance'), NOW)).toEqual({})
  expect(firstValue(trigger('rateLimits').items ?? {}, NOW)).toEqual({ requests: 1, per: 'second' })
  expect(firstValue(proxy('targets').items ?? {}, NOW)).toEqual({ origin: '' })
})

test('null is no choice of its own', () => {
  const text = { type: 'string', minLength: 1 }
  expect(withoutNull({ description: 'd', anyOf: [text, { type: 'null' }] })).toEqual({
    ...text,
    description: 'd',
  })
  expect(withoutNull({ anyOf: [text, { type: 'object' }, { type: 'null' }] })).toEqual({
    anyOf: [text, { type: 'object' }],
  })
  expect(withoutNull(text)).toBe(text)
})
