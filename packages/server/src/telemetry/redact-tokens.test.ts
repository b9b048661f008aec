import { expect, test } from 'vitest'
import { REDACTED, redactTokens } from './redact-tokens.ts'

const ID = '4fT0Qm2ZrX9bLk7A'
const SECRET = 'q7Rk2mPz9XcVb4Nt8LwY3sHd6JgFa1Qe5UoZiB'
const TOKEN = `sp_sk_${ID}_${SECRET}`
const escaped = (text: string): string =>
  Array.from(text, (one) => `%${one.charCodeAt(0).toString(16)}`).join('')

test('a token keeps its id, and what is around it', () => {
  expect(redactTokens(`"${TOKEN}", ${TOKEN}x`)).toBe(`"sp_sk_${ID}_${REDACTED}", sp_sk_${ID}_${REDACTED}x`)
})

test.each([
  ['percent-encoded', escaped(TOKEN)],
  ['percent-encoded in upper case', escaped(TOKEN).toUpperCase()],
  ['with an encoded underscore', TOKEN.replaceAll('_', '%5F')],
  ['with one encoded letter of its secret', `sp_sk_${ID}_q7%52${SECRET.slice(3)}`],
  ['encoded twice', escaped(TOKEN).replaceAll('%', '%25')],
  ['encoded three times', escaped(TOKEN).replaceAll('%', '%2525')],
  ['in lower case', TOKEN.toLowerCase()],
  ['in upper case', TOKEN.toUpperCase()],
  ['with a space in its secret', `sp_sk_${ID}_${SECRET.slice(0, 9)} ${SECRET.slice(9)}`],
  ['with an encoded space', `sp_sk_${ID}_${SECRET.slice(0, 9)}%20${SECRET.slice(9)}`],
  ['with a line break, as JSON', JSON.stringify(`sp_sk_${ID}_${SECRET.slice(0, 30)}\r\n${SECRET.slice(30)}`)],
  ['with spaces around its parts', `sp_sk_ ${ID} _ ${SECRET}`],
  ['cut off', escaped(TOKEN).slice(0, -20)],
])('a token %s is redacted', (_, form) => {
  const redacted = redactTokens(`GET /keys/${form}?a=1`)
  expect(redacted).toContain(REDACTED)
  for (const part of [SECRET.slice(0, 4), SECRET.slice(10, 14), SECRET.slice(-8, -4)]) {
    for (const text of [part, part.toLowerCase(), part.toUpperCase(), escaped(part)]) {
      expect(redacted).not.toContain(text)
    }
  }
  expect(redacted).toMatch(/^GET \/keys\/.*a=1$/)
})

test('a JSON Web Token is redacted', () => {
  const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJtb2JpbGUifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg'
  expect(redactTokens(`There is no key "${jwt}".`)).toBe(`There is no key "${REDACTED}".`)
})

test.each([
  `sp_sk_${ID}`,
  `sp_sk_${ID}_…x8Hd`,
  `key_${ID} of 4 parts`,
  'sp_sk_ and what follows it',
  '/v1/organizations/acme/pipelines/a%20b%2Fc',
  'eyJhbGciOiJFZERTQSJ9 alone',
])('%s stays', (text) => {
  expect(redactTokens(text)).toBe(text)
})

test('a long text without a token takes no long time', () => {
  const startMs = performance.now()
  for (const part of ['s', 'sp_sk_', '%73%70%5f', `sp_sk_${'a '.repeat(20)}`, '%25', ' ', `sp_sk_${ID}_ `]) {
    const text = part.repeat(100_000 / part.length)
    expect(redactTokens(text)).not.toContain(TOKEN)
  }
  expect(performance.now() - startMs).toBeLessThan(2_000)
})
