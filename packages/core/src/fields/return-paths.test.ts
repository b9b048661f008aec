import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseReturnPath, RETURN_PATH_CHARS_MAX } from './return-paths.ts'

test.each([
  '/',
  '/keys',
  '/keys?page=2#top',
  '/a//b',
  '/a/../b',
  '/.//b',
  '/%5Cexample.com',
  '/@example.com',
])('accepts %s', (text) => {
  expect(parseReturnPath(text)).toEqual({ ok: true, value: text })
})

test.each([
  '',
  'keys',
  '//example.com',
  '/\\example.com',
  '\\/example.com',
  '/a\\b',
  ' /a',
  '/a b',
  '/\t/example.com',
  '/\n/example.com',
  '/ä',
  'https://example.com/',
  'javascript:alert(1)',
])('refuses %j', (text) => {
  expect(parseReturnPath(text).ok).toBe(false)
})

test('accepts 512 characters, but not 513', () => {
  const longest = `/${'a'.repeat(RETURN_PATH_CHARS_MAX - 1)}`
  expect(parseReturnPath(longest).ok).toBe(true)
  expect(parseReturnPath(`${longest}a`).ok).toBe(false)
})

test('leads to no other origin', () => {
  const characters = fc.constantFrom(
    '/',
    '\\',
    '.',
    '@',
    ':',
    '?',
    '#',
    '%',
    '\t',
    '\n',
    ' ',
    'a',
    '1',
    '[',
    ']',
    '&',
  )
  fc.assert(
    fc.property(fc.array(characters, { maxLength: 8 }), (parts) => {
      const parsed = parseReturnPath(`/${parts.join('')}`)
      if (!parsed.ok) return
      expect(new URL(parsed.value, 'https://console.example.com').origin).toBe('https://console.example.com')
    }),
    { numRuns: 2000 },
  )
})
