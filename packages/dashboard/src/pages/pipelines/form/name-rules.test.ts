import { expect, test } from 'vitest'
import { childOf, schemaAt } from '../schema/walk.ts'
import { ruleOf, rulesOf, ruleValue } from './name-rules.ts'

const PROXY = schemaAt({ steps: [{ proxy: {} }] }, ['steps', 0, 'proxy']) ?? {}
const CALL = schemaAt({ steps: [{ call: {} }] }, ['steps', 0, 'call']) ?? {}

test('a value is the rule that can show all of it', () => {
  expect(ruleOf('')).toBe('set')
  expect(ruleOf(null)).toBe('remove')
  expect(ruleOf({ append: ['a', 'b'] })).toBe('append')
  expect(ruleOf({ from: 'x-old' })).toBe('from')
  expect(ruleOf({ append: ['a', 7] })).toBeUndefined()
  expect(ruleOf({ from: 'x-old', append: [] })).toBeUndefined()
  expect(ruleOf({ by: 'consumer', values: {} })).toBeUndefined()
  expect(ruleOf(7)).toBeUndefined()
})

test('the schema says which rules there are', () => {
  expect(rulesOf(childOf(PROXY, 'headers') ?? {})).toEqual(['set', 'remove', 'append', 'from'])
  expect(rulesOf(childOf(PROXY, 'responseHeaders') ?? {})).toEqual(['set', 'remove'])
  expect(rulesOf(childOf(CALL, 'headers') ?? {})).toContain('set')
  expect(rulesOf({})).toEqual([])
})

test('a text that was there stays when lines are appended instead', () => {
  expect(ruleValue('append', 'a')).toEqual({ append: ['a'] })
  expect(ruleValue('append', null)).toEqual({ append: [] })
  expect(ruleValue('set', { from: 'x' })).toBe('')
  expect(ruleValue('remove', 'a')).toBeNull()
})
