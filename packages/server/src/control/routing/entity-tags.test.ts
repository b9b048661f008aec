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
  const observed = new Set(['counts.used', 'parts.used'])
  const state = { name: 'a', counts: { used: 1 }, roles: ['x'], parts: [{ used: 1, left: 1 }] }
  const tag = entityTagOf(state, observed)
  expect(tag).toMatch(/^"[\w-]{24}"$/)
  expect(entityTagOf({ ...state, counts: { used: 2 }, parts: [{ used: 2, left: 1 }] }, observed)).toBe(tag)
  expect(entityTagOf({ ...state, counts: { used: 2 } }, NONE)).not.toBe(tag)
  for (const other of [{ roles: ['y'] }, { parts: [{ used: 1, left: 2 }] }, { parts: [] }, { used: 1 }]) {
    expect(entityTagOf({ ...state, ...other }, observed)).not.toBe(tag)
  }
})

test('a member of another object counts, although an observed one has its name', () => {
  const observed = new Set(['state'])
  const labelled = (state: string) => entityTagOf([{ state: 'active', labels: { state } }, null], observed)
  expect(labelled('draft')).not.toBe(labelled('final'))
  expect(entityTagOf([{ state: 'inactive', labels: { state: 'draft' } }, null], observed)).toBe(
    labelled('draft'),
  )
})
