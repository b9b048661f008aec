import { expect, test } from 'vitest'
import { escapeUnsafe, isUnsafe, oneLine, safeLines } from './safe-text.ts'

test.each<[string, string, string, string]>([
  ['plain — ünï, 支払い', 'plain — ünï, 支払い', 'plain — ünï, 支払い', 'plain — ünï, 支払い'],
  ['a\n\tb', 'a b', 'a\n\tb', 'a\n\tb'],
  ['\u001B[31mred', ' [31mred', ' [31mred', '\\u001b[31mred'],
  ['\u009B31mred', ' 31mred', ' 31mred', '\\u009b31mred'],
  ['a\rb', 'a b', 'a b', 'a\\u000db'],
  ['\u202Eabc', ' abc', ' abc', '\\u202eabc'],
  ['a\n\u001B\u0007\nb', 'a b', 'a\n \nb', 'a\n\\u001b\\u0007\nb'],
])('%j', (text, line, lines, escaped) => {
  expect([oneLine(text), safeLines(text), escapeUnsafe(text)]).toEqual([line, lines, escaped])
  expect(isUnsafe(text)).toBe(escaped !== text)
})
