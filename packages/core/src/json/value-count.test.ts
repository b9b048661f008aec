import { expect, test } from 'vitest'
import { hasMoreValues } from './value-count.ts'

test.each([
  ['[1,2,3]', 4],
  ['[[],[],[]]', 7],
  ['{"a":1,"b":[true,null]}', 5],
  ['"one text, with [brackets] and {braces}, and more"', 1],
  ['["a\\",[,[,[,","b"]', 3],
  ['["a\\\\",[],[],[]]', 8],
  ['  7  ', 1],
])('%s has %i values', (text, count) => {
  expect(hasMoreValues(text, count)).toBe(false)
  expect(hasMoreValues(text, count - 1)).toBe(count > 1)
})

test.each(['"', '["\\', '["a', '}}}}', ']]]],'])('text that is no JSON ends the count: %s', (text) => {
  expect(hasMoreValues(text.padEnd(50), 20)).toBe(false)
})
