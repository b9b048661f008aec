import { expect, test } from 'vitest'
import { t } from '../../../texts/texts.ts'
import { jsonProblem, jsonText, jsonValue } from './json-text.ts'

test.each([
  ['{"a": [1, null]}', { a: [1, null] }],
  ['true', true],
  ['null', null],
  ['"7"', '7'],
  ['ok', 'ok'],
  ['{"a": ', '{"a": '],
  ['{"a": 9007199254740993}', '{"a": 9007199254740993}'],
])('%s stands for %j, and is shown as such again', (text, value) => {
  expect(jsonValue(text, false)).toEqual(value)
  expect(jsonValue(jsonText(value), false)).toEqual(value)
})

test('an empty field has no value unless it must have one', () => {
  expect(jsonText(undefined)).toBe('')
  expect(jsonValue(' ', false)).toBeUndefined()
  expect(jsonValue(' ', true)).toBe('')
})

test('a text that is no JSON is told where only JSON is meant, and one that loses digits everywhere', () => {
  expect(jsonProblem('{"a": }', false)).toMatch(/^This is not JSON yet: /)
  expect(jsonProblem('{"a": }', true)).toBeUndefined()
  expect(jsonProblem('{"a": 1}', false)).toBeUndefined()
  expect(jsonProblem('', false)).toBeUndefined()
  expect(jsonProblem('9007199254740993', true)).toBe(t.specForm.json.inexact)
  expect(jsonProblem('9007199254740992', true)).toBeUndefined()
})
