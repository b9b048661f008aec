import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import { expect, test } from 'vitest'
import { childOf, schemaAt } from '../schema/walk.ts'
import { byCallerSchema, ruleOf, rulesOf, ruleValue } from './name-rules.ts'

const PROXY = schemaAt({ steps: [{ proxy: {} }] }, ['steps', 0, 'proxy']) ?? {}
const TRIGGER = schemaAt({ trigger: { kind: 'http' } }, ['trigger']) ?? {}
const CALL = schemaAt({ steps: [{ call: {} }] }, ['steps', 0, 'call']) ?? {}

function valuesOf(schema: JsonSchema, name: string): JsonSchema {
  const { additionalProperties } = childOf(schema, name) ?? {}
  return typeof additionalProperties === 'object' ? additionalProperties : {}
}

test('a value is the rule that can show all of it', () => {
  expect(ruleOf('')).toBe('set')
  expect(ruleOf(null)).toBe('remove')
  expect(ruleOf({ append: ['a', 'b'] })).toBe('append')
  expect(ruleOf({ from: 'x-old' })).toBe('from')
  expect(ruleOf({ append: ['a', 7] })).toBeUndefined()
  expect(ruleOf({ from: 'x-old', append: [] })).toBeUndefined()
  expect(ruleOf({ by: 'consumer', values: {} })).toBe('by')
  expect(ruleOf({ values: {} })).toBeUndefined()
  expect(ruleOf(7)).toBeUndefined()
})

test('the schema says which rules there are', () => {
  const headers = valuesOf(PROXY, 'headers')
  expect(rulesOf(headers)).toEqual(['set', 'remove', 'append', 'from', 'by'])
  expect(rulesOf(valuesOf(PROXY, 'responseHeaders'))).toEqual(['set', 'remove'])
  expect(rulesOf(valuesOf(CALL, 'headers'))).toEqual(['set', 'remove', 'by'])
  expect(rulesOf(valuesOf(TRIGGER, 'schemas'))).toEqual([])
  expect(rulesOf({})).toEqual([])
  expect(Object.keys(byCallerSchema(headers).properties ?? {})).toEqual(['by', 'values', 'otherwise'])
})

test('a text that was there stays in another rule', () => {
  expect(ruleValue('append', 'a')).toEqual({ append: ['a'] })
  expect(ruleValue('append', null)).toEqual({ append: [] })
  expect(ruleValue('set', { from: 'x' })).toBe('')
  expect(ruleValue('remove', 'a')).toBeNull()
  expect(ruleValue('by', 'a')).toEqual({ by: 'consumer', values: {}, otherwise: 'a' })
  expect(ruleValue('by', null)).toEqual({ by: 'consumer', values: {} })
})
