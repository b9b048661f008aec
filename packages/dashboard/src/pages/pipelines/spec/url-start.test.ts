import { expect, test } from 'vitest'
import { mayBeUrl, startsLikeUrl, wrongUrls } from './url-start.ts'

test.each([
  ['', true],
  ['htt', true],
  ['http://a.example', true],
  ['https://{vars.HOST}/x', true],
  ['{vars.UPSTREAM}/x', true],
  ['localhost:9000', false],
  ['httpx', false],
  ['ftp://a.example', false],
])('a URL can be "%s": %s', (text, expected) => {
  expect(mayBeUrl(text)).toBe(expected)
})

test('a URL begins with its scheme and something more', () => {
  expect(['https://a', '{vars.UPSTREAM}'].map(startsLikeUrl)).toEqual([true, true])
  expect(['https://', '{', 'https', '', 'a.example'].map(startsLikeUrl)).toEqual(Array(5).fill(false))
})

test('the URLs of all steps are looked at, and nothing else', () => {
  const spec = {
    trigger: { path: 'ftp://a' },
    steps: [
      { proxy: { url: 'a.example' } },
      { call: { url: 'https://a.example' } },
      { 'oauth.token': { tokenUrl: 'ftp://a.example', clientId: 'a' } },
      { call: { url: 7 } },
      { respond: { body: { url: 'a' } } },
      'text',
    ],
  }
  expect(wrongUrls(spec)).toEqual(['/steps/0/proxy/url', '/steps/2/oauth.token/tokenUrl'])
  expect(wrongUrls({ steps: {} })).toEqual([])
})
