import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DiffLine, lineDiff } from './line-diff.ts'

const SIGNS = { same: ' ', removed: '-', added: '+' } as const

function diff(before: string, after: string): string[] {
  return lineDiff(before, after).map(({ change, text }) => `${SIGNS[change]}${text}`)
}

test('a changed line is removed and added', () => {
  expect(diff('a\nb\nc\n', 'a\nx\nc\n')).toEqual([' a', '-b', '+x', ' c'])
})

test('lines that only moved down stay', () => {
  expect(diff('a\nb\n', 'new\na\nb\n')).toEqual(['+new', ' a', ' b'])
  expect(diff('', 'a\n')).toEqual(['+a'])
  expect(diff('a\n', '')).toEqual(['-a'])
  expect(diff('a\n', 'a\n')).toEqual([' a'])
})

test('a line has its number in each text', () => {
  expect(lineDiff('a\nb', 'x\nb').map(({ before, after }) => [before, after])).toEqual([
    [1, null],
    [null, 1],
    [2, 2],
  ])
})

test('the lines of each text are there, in order', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 })
  const side = (lines: readonly DiffLine[], without: DiffLine['change']): string[] =>
    lines.filter(({ change }) => change !== without).map(({ text }) => text)
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const lines = lineDiff(before.join('\n'), after.join('\n'))
      expect(side(lines, 'added')).toEqual(before)
      expect(side(lines, 'removed')).toEqual(after)
    }),
  )
})
