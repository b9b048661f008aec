import { describe, expect, test } from 'vitest'
import { hasLookAlike, mayHaveDotSegment, mayStartWithHost } from './path-confusion.ts'

describe('mayHaveDotSegment', () => {
  test.each([
    ['a dot segment', '/a/../b', '/a/..x/b'],
    ['a final dot', '/a/.', '/a/.x'],
    ['dots between backslashes', '/a\\..\\b', '/a\\...\\b'],
    ['encoded dots', '/%2e%2e/b', '/%2e%2ex/b'],
    ['dots encoded twice', '/%252e%252e/b', '/%252e%252ex/b'],
    ['dots at the end of an encoded segment', '/a%2f..', '/a%2fx'],
    ['dots beside an escape that cannot be decoded twice', '/../%25zz', '/..x/%25zz'],
    ['a full-width dot', '/%EF%BC%8E/b', '/%EF%BC%8Ex/b'],
    ['a full-width dot encoded twice', '/%25EF%25BC%258E/b', '/%25EF%25BC%258Ex/b'],
    ['dots beside a character without a width', '/.%E2%80%8B./b', '/.%E2%80%8B.x/b'],
    ['invalid UTF-8', '/%ff', '/%C3%BF'],
    ['an overlong dot', '/%c0%ae', '/%C3%AE'],
  ])('finds %s', (_what, path, neighbour) => {
    expect(mayHaveDotSegment(path)).toBe(true)
    expect(mayHaveDotSegment(neighbour)).toBe(false)
  })

  test('looks through two decodings, one by a proxy and one by the upstream', () => {
    expect(mayHaveDotSegment('/%252e')).toBe(true)
    expect(mayHaveDotSegment('/%25252e')).toBe(false)
    expect(mayHaveDotSegment('/100%25')).toBe(false)
  })
})

describe('mayStartWithHost', () => {
  test.each([
    ['two slashes', '//evil', '/a//b'],
    ['a slash and a backslash', '/\\evil', '/a\\b'],
    ['an encoded slash', '/%2fevil', '/%2devil'],
    ['a slash encoded twice', '/%252fevil', '/%25252fevil'],
    ['a full-width slash', '/%EF%BC%8Fevil', '/%EF%BC%8Devil'],
    ['invalid UTF-8', '/%ff', '/a/%ff'],
  ])('finds %s', (_what, path, neighbour) => {
    expect(mayStartWithHost(path)).toBe(true)
    expect(mayStartWithHost(neighbour)).toBe(false)
  })
})

test('hasLookAlike finds no look-alike in ASCII, whatever it contains', () => {
  expect(hasLookAlike('/a.b/..\\c')).toBe(false)
  expect(hasLookAlike('/a\uff0fb')).toBe(true)
  expect(hasLookAlike('/\u00e9/a\uff0eb')).toBe(true)
  // A digit with a full stop, which NFKC takes apart; it is two code units of UTF-16.
  expect(hasLookAlike('/a\u{1f100}')).toBe(true)
  expect(hasLookAlike('/a\u{1f110}')).toBe(false)
  expect(hasLookAlike('/\u00e9/a.b')).toBe(false)
})
