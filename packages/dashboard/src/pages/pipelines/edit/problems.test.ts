import { expect, test } from 'vitest'
import { parseSpec } from '../spec/spec-text.ts'
import { problemsOf } from './problems.ts'

test('so many faults are told that a page can show them at once', () => {
  const unknown = Array.from({ length: 9_000 }, (_, index) => `field${index}: 1`).join('\n')
  expect(problemsOf(parseSpec(unknown), null, []).length).toBe(50)
  const duplicates = 'a: 1\n'.repeat(5_000)
  expect(problemsOf(parseSpec(duplicates), null, []).length).toBe(50)
})
