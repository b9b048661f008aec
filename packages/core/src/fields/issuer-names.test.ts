import { describe, expect, test } from 'vitest'
import { ISSUER_NAME_CHARS_MAX, parseAudience, parseIssuerName } from './issuer-names.ts'

describe.each([
  ['an issuer', parseIssuerName],
  ['an audience', parseAudience],
] as const)('%s', (_name, parse) => {
  test.each([
    'orders',
    'My API',
    'https://login.example.com/',
    'urn:example:orders',
    'x'.repeat(ISSUER_NAME_CHARS_MAX),
  ])('accepts %j', (text) => {
    expect(parse(text)).toEqual({ ok: true, value: text })
  })

  test.each([
    '',
    ' orders',
    'orders ',
    'a\nb',
    'é',
    ':orders',
    'https://login.example.com/a b',
    'https://login.example.com/%zz',
    'x'.repeat(ISSUER_NAME_CHARS_MAX + 1),
  ])('rejects %j', (text) => {
    expect(parse(text)).toMatchObject({ ok: false, problem: expect.any(String) })
  })
})

test('only an audience may be a name of Sallyport itself', () => {
  for (const name of ['urn:sallyport:acme:test', 'URN:Sallyport:acme:test']) {
    expect(parseIssuerName(name).ok).toBe(false)
    expect(parseAudience(name).ok).toBe(true)
  }
  expect(parseIssuerName('urn:sallyports:acme').ok).toBe(true)
})
