import { expect, test } from 'vitest'
import { smallestChange } from './smallest-change.ts'

test.each([
  ['abc', 'abc', undefined],
  ['abc', 'aXc', { from: 1, to: 2, insert: 'X' }],
  ['abc', 'ac', { from: 1, to: 2, insert: '' }],
  ['aa', 'aaa', { from: 2, to: 2, insert: 'a' }],
  ['', 'ab', { from: 0, to: 0, insert: 'ab' }],
  ['ab', '', { from: 0, to: 2, insert: '' }],
  ['ab', 'cd', { from: 0, to: 2, insert: 'cd' }],
])('from %j to %j', (before, after, change) => {
  expect(smallestChange(before, after)).toEqual(change)
})
