import { describe, expect, test } from 'vitest'
import { entityTagOf, matches, matchesNone, parseTagList } from './entity-tags.ts'

const NONE: ReadonlySet<string> = new Set()
const strong = (tag: `"${string}"`) => ({ tag, isWeak: false })

describe('a list of tags', () => {
  test.each([
    ['*', '*'],
    [' * ', '*'],
    ['"a"', [strong('"a"')]],
    ['""', [strong('""')]],
    ['"a", "b"', [strong('"a"'), strong('"b"')]],
    ['"a","b"', [strong('"a"'), strong('"b"')]],
    [', "a" ,, "b",', [strong('"a"'), strong('"b"')]],
    ['W/"a"', [{ tag: '"a"', isWeak: true }]],
    ['"a, b"', undefined],
    ['"a,b"', [strong('"a,b"')]],
    ['"*"', [strong('"*"')]],
    ['*, "a"', undefined],
    ['w/"a"', undefined],
    ['a', undefined],
    ['"a', undefined],
    ['"a" "b"', undefined],
    ['"a"b', undefined],
    ['', undefined],
    [' ,', undefined],
    ['"a\u0001"', undefined],
  ])('%j is %j', (value, expected) => {
    expect(parseTagList(value)).toEqual(expected)
  })

  test('of 16 KiB is read in one pass', () => {
    expect(parseTagList('"a",'.repeat(4096))).toHaveLength(4096)
    expect(parseTagList(`${'"a",'.repeat(4096)}x`)).toBeUndefined()
    expect(parseTagList(' '.repeat(16_384))).toBeUndefined()
  })
})

test.each([
  ['"a"', '"a"', true, false],
  ['"a"', '"b"', false, true],
  ['W/"a"', '"a"', false, false],
  ['"b", "a"', '"a"', true, false],
  ['*', '"a"', true, false],
  ['*', undefined, false, true],
  ['"a"', undefined, false, true],
] as const)('%s, with %s: If-Match %s, If-None-Match %s', (value, current, isMatch, isNone) => {
  const list = parseTagList(value) ?? '*'
  expect([matches(list, current), matchesNone(list, current)]).toEqual([isMatch, isNone])
})

test('equal states have equal tags, and others have others', () => {
  const tag = entityTagOf({ name: 'a', counts: { used: 1 }, roles: ['x'] }, new Set(['used']))
  expect(tag).toMatch(/^"[\w-]{24}"$/)
  expect(entityTagOf({ name: 'a', counts: { used: 2 }, roles: ['x'] }, new Set(['used']))).toBe(tag)
  expect(entityTagOf({ name: 'a', counts: { used: 2 }, roles: ['x'] }, NONE)).not.toBe(tag)
  expect(entityTagOf({ name: 'a', counts: { used: 1 }, roles: ['y'] }, new Set(['used']))).not.toBe(tag)
})
