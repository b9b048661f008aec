import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CREDENTIAL_HEADERS, readCredentials } from './credentials.ts'
import { makeToken, parseToken } from '../keys/key-text.ts'

const KEY_ID = 'key_4fT0Qm2ZrX9bLk7A'
const TOKEN = makeToken('secret', KEY_ID, (count) => new Uint8Array(count).fill(7))
const OTHER = makeToken('secret', KEY_ID, (count) => new Uint8Array(count).fill(8))
const JWT = 'eyJhbGciOiJFZERTQSJ9.e30.c2ln'
const SHOWN = { kind: 'token', parsed: parseToken(TOKEN) }

describe('the API key', () => {
  test.each<[string, string[], unknown]>([
    ['in apikey', ['apikey', TOKEN], SHOWN],
    ['in x-api-key', ['X-Api-Key', TOKEN], SHOWN],
    ['as Bearer', ['Authorization', `Bearer ${TOKEN}`], SHOWN],
    ['as Bearer with two spaces', ['Authorization', `Bearer  ${TOKEN}`], SHOWN],
    ['as a pair', ['x-api-appkey', KEY_ID, 'x-api-apptoken', TOKEN], SHOWN],
    ['nowhere', ['host', 'example.com'], { kind: 'missing' }],
    ['in a header whose name is as long as ours', ['accept', TOKEN], { kind: 'missing' }],
    ['as a bearer token of another kind', ['authorization', `Bearer ${JWT}`], { kind: 'missing' }],
    ['as half a pair', ['x-api-apptoken', TOKEN], { kind: 'missing' }],
    ['as an empty half pair', ['x-api-apptoken', ''], { kind: 'ambiguous' }],
    ['with a space behind', ['x-api-key', `${TOKEN} `], { kind: 'invalid' }],
    ['joined', ['x-api-key', `${TOKEN}, ${OTHER}`], { kind: 'ambiguous' }],
    [
      'a pair of another id',
      ['x-api-appkey', 'key_4fT0Qm2ZrX9bLk7B', 'x-api-apptoken', TOKEN],
      { kind: 'invalid' },
    ],
    ['a name without its value', ['x-api-key'], { kind: 'missing' }],
  ])('%s', (_name, headers, claim) => {
    expect(readCredentials(headers).apiKey).toEqual(claim)
  })

  test.each<[string, string[], string[], unknown]>([
    ['once', [], [TOKEN], SHOWN],
    ['twice', [], [TOKEN, TOKEN], { kind: 'ambiguous' }],
    ['empty', [], [''], { kind: 'ambiguous' }],
    ['wrong', [], [`${TOKEN}0`], { kind: 'invalid' }],
    ['beside a header', ['apikey', TOKEN], [OTHER], SHOWN],
  ])('in the query: %s', (_name, headers, query, claim) => {
    expect(readCredentials(headers, query).apiKey).toEqual(claim)
  })
})

describe('Authorization', () => {
  test.each([
    ['Bearer eyJ.e30.c2ln', { kind: 'bearer', token: 'eyJ.e30.c2ln' }],
    ['bEARER x', { kind: 'bearer', token: 'x' }],
    ['Basic YTpi', { kind: 'basic', encoded: 'YTpi' }],
    ['basic  YTpi ', { kind: 'basic', encoded: 'YTpi' }],
    ['Digest a="b"', { kind: 'none' }],
    ['Basi YTpi', { kind: 'none' }],
    ['Basic', { kind: 'ambiguous' }],
    ['Basic ', { kind: 'ambiguous' }],
    ['Bearer', { kind: 'ambiguous' }],
    ['', { kind: 'ambiguous' }],
  ])('%j', (value, claim) => {
    expect(readCredentials(['Authorization', value]).authorization).toEqual(claim)
  })

  test('sent twice is ambiguous, and so is the API key, whatever else there is', () => {
    const headers = ['authorization', 'Basic YTpi', 'x-api-key', TOKEN, 'AUTHORIZATION', 'Basic YTpi']
    expect(readCredentials(headers)).toEqual({
      apiKey: { kind: 'ambiguous' },
      authorization: { kind: 'ambiguous' },
      jwt: { kind: 'ambiguous' },
    })
  })

  test('beside a key in its own header is read, and the key too', () => {
    expect(readCredentials(['authorization', `Bearer ${JWT}`, 'x-api-key', TOKEN])).toEqual({
      apiKey: SHOWN,
      authorization: { kind: 'bearer', token: JWT },
      jwt: { kind: 'token', token: JWT },
    })
  })
})

describe('the JWT', () => {
  test.each<[string, string[], unknown]>([
    ['as Bearer', ['Authorization', `Bearer ${JWT}`], { kind: 'token', token: JWT }],
    ['in x-access-token', ['X-Access-Token', JWT], { kind: 'token', token: JWT }],
    [
      'beside a password',
      ['authorization', 'Basic YTpi', 'x-access-token', JWT],
      { kind: 'token', token: JWT },
    ],
    [
      'beside an API key as Bearer',
      ['authorization', `Bearer ${TOKEN}`, 'x-access-token', JWT],
      { kind: 'token', token: JWT },
    ],
    ['nowhere', ['authorization', 'Basic YTpi'], { kind: 'missing' }],
    ['where there is an API key', ['authorization', `Bearer ${TOKEN}`], { kind: 'missing' }],
    ['in a header of nearly that name', ['x-access-tokem', JWT], { kind: 'missing' }],
    ['in both places', ['authorization', `Bearer ${JWT}`, 'x-access-token', JWT], { kind: 'ambiguous' }],
    ['twice', ['x-access-token', JWT, 'X-ACCESS-TOKEN', JWT], { kind: 'ambiguous' }],
    ['empty', ['x-access-token', ''], { kind: 'ambiguous' }],
    [
      'empty beside a bearer',
      ['authorization', `Bearer ${JWT}`, 'x-access-token', ''],
      { kind: 'ambiguous' },
    ],
    ['joined', ['x-access-token', `${JWT}, ${JWT}`], { kind: 'ambiguous' }],
    ['joined as Bearer', ['authorization', `Bearer ${JWT}, ${JWT}`], { kind: 'ambiguous' }],
    ['beside an empty Authorization', ['authorization', '', 'x-access-token', JWT], { kind: 'ambiguous' }],
  ])('%s', (_name, headers, claim) => {
    expect(readCredentials(headers).jwt).toEqual(claim)
  })

  test('is no business of the API key', () => {
    const { apiKey } = readCredentials(['x-access-token', JWT, 'X-Access-Token', '', 'x-api-key', TOKEN])
    expect(apiKey).toEqual(SHOWN)
  })
})

describe('reading', () => {
  const name = fc.oneof(
    fc.constantFrom(...CREDENTIAL_HEADERS).chain((each) => fc.constantFrom(each, each.toUpperCase())),
    fc.string({ maxLength: 14 }),
  )
  const value = fc.oneof(
    fc.constantFrom(TOKEN, OTHER, `Bearer ${TOKEN}`, `Bearer ${JWT}`, KEY_ID, ''),
    fc.string(),
  )
  const header = fc.tuple(name, value)

  test('never throws, and shows a token only where it was sent', () => {
    fc.assert(
      fc.property(fc.array(header, { maxLength: 5 }), fc.array(value, { maxLength: 2 }), (headers, query) => {
        const { apiKey } = readCredentials(headers.flat(), query)
        if (apiKey.kind !== 'token') return
        const sent = [...headers.map(([, text]) => text), ...query]
        expect(sent.some((text) => text.includes(apiKey.parsed.token))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('does not depend on the order of the headers', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(header, { maxLength: 4, selector: ([each]) => each.toLowerCase() }),
        (headers) => {
          expect(readCredentials(headers.toReversed().flat())).toEqual(readCredentials(headers.flat()))
        },
      ),
    )
  })
})
