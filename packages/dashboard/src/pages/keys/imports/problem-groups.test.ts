import { expect, test } from 'vitest'
import { lineRanges, problemGroups } from './problem-groups.ts'

test('problems are grouped by their message, in the order of their first lines', () => {
  const problem = (line: number, message: string) => ({ line, message })
  expect(problemGroups([problem(2, 'no name'), problem(3, 'no token'), problem(5, 'no name')])).toEqual([
    { message: 'no name', lines: [2, 5] },
    { message: 'no token', lines: [3] },
  ])
  expect(problemGroups([])).toEqual([])
})

test.each([
  [[2], '2', 0],
  [[2, 3], '2–3', 0],
  [[2, 4], '2, 4', 0],
  [[2, 3, 4, 7, 9, 10], '2–4, 7, 9–10', 0],
  [[1, 3, 5, 7, 9, 11], '1, 3, 5, 7, 9, 11', 0],
  [[1, 3, 5, 7, 9, 11, 13], '1, 3, 5, 7, 9, 11', 1],
  [[1, 3, 5, 7, 9, 11, 12, 20, 21], '1, 3, 5, 7, 9, 11–12', 2],
])('lines %j are %s and %i more', (lines, text, more) => {
  expect(lineRanges(lines)).toEqual({ text, more })
})
