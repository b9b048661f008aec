import { describe, expect, test } from 'vitest'
import { parseRequestTarget, TARGET_CHARS_MAX, withoutAuthority } from './request-target.ts'

describe('A target', () => {
  test.each([
    ['/', '/', 'plain', null],
    ['/a/b', '/a/b', 'plain', null],
    ['/a?', '/a', 'plain', ''],
    ['/a?b=c?d', '/a', 'plain', 'b=c?d'],
    ["/a:b@c;d=e,f!g$h&i'(j)*+~_-.k", "/a:b@c;d=e,f!g$h&i'(j)*+~_-.k", 'variant', null],
    ['/a%2Fb', '/a%2Fb', 'encoded-slash', null],
    ['/.well-known/x', '/.well-known/x', 'variant', null],
    ['/...', '/...', 'variant', null],
    ['/a..b', '/a..b', 'plain', null],
    ['/%61?x=%61', '/a', 'variant', 'x=%61'],
    ['/%C3%A9', '/%C3%A9', 'variant', null],
    ['/a?x=%zz&y=..//%2561', '/a', 'plain', 'x=%zz&y=..//%2561'],
  ])('%s is parsed', (target, path, form, query) => {
    expect(parseRequestTarget(target)).toEqual({ path, form, query })
  })

  const NO_SLASH = 'The request target must start with "/".'
  const QUERY = 'The query has a character that must be percent-encoded.'

  test.each([
    ['', NO_SLASH],
    ['?x', NO_SLASH],
    ['*', NO_SLASH],
    ['http://h/a', NO_SLASH],
    ['/a?b#c', QUERY],
    ['/a?b c', QUERY],
    ['/a?b ', QUERY],
    ['/a? b', QUERY],
    ['/a?\u00e9', QUERY],
    [`/${'a'.repeat(TARGET_CHARS_MAX)}`, `The request target has more than ${TARGET_CHARS_MAX} characters.`],
  ])('%s is refused with the reason', (target, reason) => {
    expect(parseRequestTarget(target)).toEqual({ problem: expect.stringContaining(reason) as unknown })
  })

  test.each([
    'a',
    '/a\\b',
    '/a%5Cb',
    '/a%5cb',
    '/.',
    '/..',
    '/a/../b',
    '/a/./b',
    '/a/..',
    '/%2e%2e/b',
    '/%2E./b',
    '/a/.%2e/b',
    '/a/%2e/b',
    '/a%2f..%2fb',
    '/a/..%2fb',
    '/a/..;x/b',
    '/a/.;/b',
    '/a/%2e%2e%3bx/b',
    '/a\u0000b',
    '/a%00b',
    '/a%0d%0ab',
    '/a%7fb',
    '/%252e%252e/x',
    '/a//b',
    '//a?b',
    '/a b',
    '/a\tb',
    '/a%',
    '/a%2',
    '/a%zz',
    '/a%ff',
    '/a%C3',
    '/\u00e9',
    '/a#b',
  ])('%s is refused', (target) => {
    expect(parseRequestTarget(target)).toEqual({ problem: expect.stringMatching(/./) as unknown })
  })

  test('The longest target is parsed', () => {
    expect(parseRequestTarget(`/${'a'.repeat(TARGET_CHARS_MAX - 1)}`)).not.toHaveProperty('problem')
  })
})

describe('An absolute form', () => {
  test.each([
    ['http://api.example/a?b', 'api.example', '/a?b'],
    ['HTTP://API.example/a', 'api.example', '/a'],
    ['https://api.example:8443/a', 'api.example:8443', '/a'],
    ['http://api.example', 'api.example', '/'],
    ['http://api.example/a/', 'api.example', '/a/'],
    ['http://api.example?x', 'api.example', '/?x'],
    ['/a', 'api.example', '/a'],
  ])('%s for %s is %s', (target, host, origin) => {
    expect(withoutAuthority(target, host)).toBe(origin)
  })

  test.each([
    ['http://other.example/a', 'api.example'],
    ['http://user@api.example/a', 'api.example'],
    ['http://api.example:81/a', 'api.example'],
    ['http://api.example.evil/a', 'api.example'],
    ['http://api.example/a', undefined],
    ['http://undefined/a', undefined],
    ['http:///a', ''],
    ['xhttp://api.example/a', 'api.example'],
    ['ftp://api.example/a', 'api.example'],
  ])('%s for %s is refused', (target, host) => {
    expect(parseRequestTarget(withoutAuthority(target, host))).toHaveProperty('problem')
  })
})
