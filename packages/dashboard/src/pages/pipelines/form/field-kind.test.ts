import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import { expect, test } from 'vitest'
import { childOf, schemaAt } from '../schema/walk.ts'
import { asVariant, fieldKind, firstValue, variantOf, variantsOf, withoutNull } from './field-kind.ts'

const TRIGGER = schemaAt({ trigger: { kind: 'http' } }, ['trigger']) ?? {}
const PROXY = schemaAt({ steps: [{ proxy: {} }] }, ['steps', 0, 'proxy']) ?? {}
const STEP = schemaAt({ steps: [{}] }, ['steps', 0]) ?? {}
/** Where any JSON may stand. */
const PLACES_OF_ANY = /request\/(?:body|query|params)$|respond\/body$/
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
  ['routes', 'rows'],
  ['cors', 'group'],
  ['maintenance', 'group'],
  ['rateLimits', 'rows'],
  ['responseHeaders', 'names'],
  ['schemas', 'names'],
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
  ['cache', 'group'],
] as const)('the field %s of a proxy is a %s', (name, kind) => {
  expect(fieldKind(proxy(name), undefined)).toBe(kind)
})

test.each([
  [['trigger', 'request', 'body'], 'json'],
  [['trigger', 'schemas', 'Order'], 'json'],
  [['trigger', 'routes', 0], 'variants'],
  [['steps', 0, 'transform', 'status'], 'variants'],
  [['steps', 1, 'jwt.generate', 'claims'], 'variants'],
  [['steps', 1, 'jwt.generate', 'scopes'], 'variants'],
  [['steps', 2, 'proxy', 'balance', 'health', 'statuses'], 'numbers'],
  [['steps', 3, 'respond', 'body'], 'json'],
] as const)('the field at %j is a %s', (path, kind) => {
  const steps = [{ transform: {} }, { 'jwt.generate': {} }, { proxy: {} }, { respond: {} }]
  const around = schemaAt({ trigger: { kind: 'http' }, steps }, path.slice(0, -1)) ?? {}
  expect(fieldKind(childOf(around, path.at(-1) ?? '') ?? {}, undefined)).toBe(kind)
})

test('no field of a spec is left to the text', () => {
  const found: string[] = []
  const look = (schema: JsonSchema, path: string): void => {
    for (const variant of variantsOf(schema)) {
      if (fieldKind(variant, undefined) === 'json' && !PLACES_OF_ANY.test(path)) found.push(path)
      for (const [name, child] of Object.entries(variant.properties ?? {})) look(child, `${path}/${name}`)
      if (variant.items !== undefined) look(variant.items, `${path}/*`)
    }
  }
  look(TRIGGER, '/trigger')
  for (const [name, step] of Object.entries(STEP.properties ?? {})) look(step, `/${name}`)
  expect(found).toEqual([])
})

test('a value that its field cannot show is shown as JSON', () => {
  expect(fieldKind(trigger('hosts'), ['a.example', 7])).toBe('json')
  expect(fieldKind(trigger('cors'), true)).toBe('json')
  expect(fieldKind(trigger('trailingSlash'), 'maybe')).toBe('json')
  expect(fieldKind(trigger('methods'), ['GET', 'BREW'])).toBe('json')
  expect(fieldKind(trigger('routes'), '/a')).toBe('json')
  expect(fieldKind(trigger('routes').items ?? {}, 7)).toBe('json')
  expect(fieldKind(proxy('timeoutMs'), '10')).toBe('json')
  expect(fieldKind(proxy('targets'), {})).toBe('json')
  expect(fieldKind(proxy('headers'), { 'x-a': 7 })).toBe('names')
})

test('a value in another form keeps its text', () => {
  const [text = {}, fields = {}] = variantsOf(trigger('routes').items ?? {})
  expect(asVariant(fields, '/a', NOW)).toEqual({ path: '/a', methods: [] })
  expect(asVariant(text, { path: '/a', methods: ['GET'] }, NOW)).toBe('/a')
  expect(asVariant(text, { methods: ['GET'] }, NOW)).toBe('')
  expect(asVariant(fields, 7, NOW)).toEqual({ path: '', methods: [] })
  expect(variantOf([text, fields], '/a')).toBe(text)
  expect(variantOf([text, fields], {})).toBe(fields)
  expect(variantOf([text, fields], 7)).toBeUndefined()
})

test('a value that the field can show is shown', () => {
  expect(fieldKind(trigger('routes'), ['/a', { path: '/b', methods: ['GET'] }])).toBe('rows')
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
