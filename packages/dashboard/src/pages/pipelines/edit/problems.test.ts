import { expect, test } from 'vitest'
import { parseSpec } from '../spec/spec-text.ts'
import { problemsOf } from './problems.ts'

test('so many faults are told that a page can show them at once', () => {
  const unknown = Array.from({ length: 3_900 }, (_, index) => `field${index}: 1`).join('\n')
  expect(problemsOf(parseSpec(unknown), null, []).length).toBe(50)
  // The reader says the same of a place several times; a list cannot show it so.
  const deep = problemsOf(parseSpec(`a: ${'['.repeat(5_000)}`), null, [])
  expect(new Set(deep.map(({ from, message }) => `${from} ${message}`)).size).toBe(deep.length)
  const duplicates = 'a: 1\n'.repeat(3_900)
  expect(problemsOf(parseSpec(duplicates), null, []).length).toBe(50)
})
