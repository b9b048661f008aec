import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OriginSet } from './origin-set.ts'

const SET = new OriginSet([
  'https://app.example.org',
  'https://*.example.com',
  'http://*.dev.example.com:8080',
])

test.each([
  'https://app.example.org',
  'https://a.example.com',
  'https://a.b-c.d_e.example.com',
  'https://xn--bcher-kva.example.com',
  'https://1.example.com',
  'http://a.dev.example.com:8080',
])('%s is in the set', (origin) => {
  expect(SET.has(origin)).toBe(true)
})

test.each([
  'https://example.com',
  'https://evilexample.com',
  'https://evil-example.com',
  'https://example.com.evil',
  'https://a.example.com.evil',
  'https://evil/.example.com',
  'https://evil?.example.com',
  'https://evil#.example.com',
  'https://evil@a.example.com',
  'https://evil:1@a.example.com',
  'https://evil:443/a.example.com',
  'https://a.example.com:8443',
  'https://a.example.com:443',
  'https://a.example.com/',
  'http://a.example.com',
  'https://A.example.com',
  'https://a.Example.com',
  'HTTPS://a.example.com',
  'https://.example.com',
  'https://a..example.com',
  'https://.a.example.com',
  'https://*.example.com',
  'https://a.*.example.com',
  'https://a.example.com.',
  'https://a.example.com https://b.example.com',
  'https://evil.example, https://a.example.com',
  'https://a\r\nx: y.example.com',
  'https://\u00FC.example.com',
  'https://%61.example.com',
  'https://a\u0000.example.com',
  'http://a.dev.example.com',
  'http://dev.example.com:8080',
  'https://a.dev.example.com:8080',
  'null',
  '*',
  '',
  'https://',
  `https://${'a.'.repeat(200)}example.com`,
])('%j is not in the set', (origin) => {
  expect(SET.has(origin)).toBe(false)
})

test('an origin in the set is one whose host, as URLs read it, ends with the host of a pattern', () => {
  const part = fc.constantFrom(
    'a',
    'evil',
    'example',
    'com',
    '.',
    '/',
    ':',
    '@',
    '#',
    '?',
    '\\',
    '%2e',
    '-',
    '443',
    '*',
    'https',
    '://',
    ' ',
  )
  const texts = fc.array(part, { maxLength: 8 }).map((parts) => `https://${parts.join('')}.example.com`)
  fc.assert(
    fc.property(texts, (origin) => {
      if (!SET.has(origin)) return
      const url = new URL(origin)
      expect(`${url.protocol}//${url.host}`).toBe(origin)
      expect(url.hostname.endsWith('.example.com')).toBe(true)
    }),
    { numRuns: 3000, seed: 1 },
  )
})
