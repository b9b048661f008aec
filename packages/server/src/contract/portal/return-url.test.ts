import { expect, test } from 'vitest'
import { parseReturnUrl, RETURN_URL_CHARS_MAX } from './return-url.ts'

test.each([
  'https://shop.example.com/account',
  'https://shop.example.com:8443/account?tab=keys#top',
  'http://localhost:3000/',
  'http://127.0.0.1/back',
  'http://[::1]:8080/',
  `https://shop.example.com/${'a'.repeat(RETURN_URL_CHARS_MAX - 25)}`,
])('accepts the return URL %s', (text) => {
  expect(parseReturnUrl(text)).toEqual({ ok: true, value: text })
})

test.each([
  'http://shop.example.com/account',
  'http://localhost.example.com/',
  'http://127.0.0.1.example.com/',
  'https://user:secret@shop.example.com/',
  'https://user@shop.example.com/',
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,hello',
  '//shop.example.com/',
  '/account',
  'https:\\\\shop.example.com',
  'https://shop.example.com\\@evil.example.com/',
  ' https://shop.example.com/',
  'https://shop.example.com/a b',
  'https://shöp.example.com/',
  'https://',
  '',
  `https://shop.example.com/${'a'.repeat(RETURN_URL_CHARS_MAX - 24)}`,
])('refuses the return URL %j', (text) => {
  expect(parseReturnUrl(text).ok).toBe(false)
})
