import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CREDENTIAL_HEADERS,
  isForeignToken,
  jwtBeside,
  NO_CREDENTIALS,
  onlyKeyText,
  readCredentials,
} from './credentials.ts'
import { makeToken, parseToken } from '../keys/key-text.ts'

const KEY_ID = 'key_4fT0Qm2ZrX9bLk7A'
const TOKEN = makeToken('secret', KEY_ID, (count) => new Uint8Array(count).fill(7))
const OTHER = makeToken('secret', KEY_ID, (count) => new Uint8Array(count).fill(8))
const JWT = 'eyJhbGciOiJFZERTQSJ9.e30.c2ln'
const SHOWN = { kind: 'token', parsed: parseToken(TOKEN) }

describe('readCredentials reads an API key', () => {
  test.each<[string, string[], unknown]>([
    ['from apikey', ['apikey', TOKEN], SHOWN],
    ['from x-api-key', ['X-Api-Key', TOKEN], SHOWN],
    ['from Authorization: Bearer', ['Authorization', `Bearer ${TOKEN}`], SHOWN],
    ['from Authorization: Bearer with two spaces', ['Authorization', `Bearer  ${TOKEN}`], SHOWN],
    ['from the pair of headers', ['x-api-appkey', KEY_ID, 'x-api-apptoken', TOKEN], SHOWN],
    ['as missing when no header has one', ['host', 'example.com'], { kind: 'missing' }],
    ['as missing in another header of the same length', ['accept', TOKEN], { kind: 'missing' }],
    ['as missing when the bearer token is a JWT', ['authorization', `Bearer ${JWT}`], { kind: 'missing' }],
    ['as half when half of the pair is missing', ['x-api-apptoken', TOKEN], { kind: 'half' }],
    ['as half when the other half of the pair is missing', ['x-api-appkey', KEY_ID], { kind: 'half' }],
    [
      'as ambiguous when half of a pair comes with a key',
      ['x-api-appkey', KEY_ID, 'x-api-key', TOKEN],
      { kind: 'ambiguous' },
    ],
    ['as ambiguous when half of the pair is empty', ['x-api-apptoken', ''], { kind: 'ambiguous' }],
    ['as invalid with a space at the end', ['x-api-key', `${TOKEN} `], { kind: 'invalid' }],
    ['as ambiguous when joined by a comma', ['x-api-key', `${TOKEN}, ${OTHER}`], { kind: 'ambiguous' }],
    [
      'as invalid when the pair has another id',
      ['x-api-appkey', 'key_4fT0Qm2ZrX9bLk7B', 'x-api-apptoken', TOKEN],
      { kind: 'invalid' },
    ],
    ['as missing when the header has no value', ['x-api-key'], { kind: 'missing' }],
  ])('%s', (_name, headers, claim) => {
    expect(readCredentials(headers).apiKey).toEqual(claim)
  })

  test.each<[string, string[], string[], unknown]>([
    ['as a token when sent once', [], [TOKEN], SHOWN],
    ['as ambiguous when sent twice', [], [TOKEN, TOKEN], { kind: 'ambiguous' }],
    ['as ambiguous when empty', [], [''], { kind: 'ambiguous' }],
    ['as invalid when malformed', [], [`${TOKEN}0`], { kind: 'invalid' }],
    ['only when no header has one', ['apikey', TOKEN], [OTHER], SHOWN],
  ])('from the query %s', (_name, headers, query, claim) => {
    expect(readCredentials(headers, query).apiKey).toEqual(claim)
  })
})

describe('onlyKeyText finds the text of a key', () => {
  test.each<[string, string[]]>([
    ['in x-api-key', ['Host', 'a.example', 'X-Api-Key', TOKEN, 'Accept', '*/*']],
    ['in apikey', ['apikey', TOKEN]],
    ['in Authorization: Bearer', ['authorization', `Bearer ${TOKEN}`]],
  ])('%s', (_where, headers) => {
    expect(onlyKeyText(headers)).toBe(TOKEN)
    expect(readCredentials(headers).apiKey).toEqual(SHOWN)
  })

  test.each<[string, string[]]>([
    ['in no header', ['host', TOKEN]],
    ['in two headers', ['x-api-key', TOKEN, 'apikey', TOKEN]],
    ['in one header twice', ['x-api-key', TOKEN, 'X-Api-Key', TOKEN]],
    ['beside Authorization', ['x-api-key', TOKEN, 'authorization', `Bearer ${JWT}`]],
    ['behind Authorization', ['authorization', 'Basic YTpi', 'x-api-key', TOKEN]],
    ['beside a JWT', ['x-api-key', TOKEN, 'x-access-token', JWT]],
    ['beside half of a pair', ['x-api-appkey', KEY_ID, 'x-api-key', TOKEN]],
    ['in a pair', ['x-api-appkey', KEY_ID, 'x-api-apptoken', TOKEN]],
    ['behind another scheme', ['authorization', `Basic  ${TOKEN}`]],
    ['behind two spaces', ['authorization', `Bearer  ${TOKEN}`]],
    ['that is too long', ['x-api-key', `${TOKEN}0`]],
    ['that is too short', ['x-api-key', TOKEN.slice(1)]],
    ['without a value', ['x-api-key']],
  ])('but not %s', (_where, headers) => {
    expect(onlyKeyText(headers)).toBeUndefined()
  })
})

describe('readCredentials reads Authorization', () => {
  test.each([
    ['Bearer eyJ.e30.c2ln', { kind: 'bearer', token: 'eyJ.e30.c2ln' }],
    ['bEARER x', { kind: 'bearer', token: 'x' }],
    ['Basic YTpi', { kind: 'basic', encoded: 'YTpi' }],
    ['basic  YTpi ', { kind: 'basic', encoded: 'YTpi' }],
    ['Digest a="b"', { kind: 'other' }],
    ['Basi YTpi', { kind: 'other' }],
    ['Basic', { kind: 'ambiguous' }],
    ['Basic ', { kind: 'ambiguous' }],
    ['Bearer', { kind: 'ambiguous' }],
    ['', { kind: 'ambiguous' }],
  ])('%j', (value, claim) => {
    expect(readCredentials(['Authorization', value]).authorization).toEqual(claim)
  })

  test('as ambiguous when sent twice, and every credential with it', () => {
    const headers = ['authorization', 'Basic YTpi', 'x-api-key', TOKEN, 'AUTHORIZATION', 'Basic YTpi']
    expect(readCredentials(headers)).toEqual({
      apiKey: { kind: 'ambiguous' },
      authorization: { kind: 'ambiguous' },
      jwt: { kind: 'ambiguous' },
      accessToken: { kind: 'missing' },
    })
  })

  test('and a key in its own header', () => {
    expect(readCredentials(['authorization', `Bearer ${JWT}`, 'x-api-key', TOKEN])).toEqual({
      apiKey: SHOWN,
      authorization: { kind: 'bearer', token: JWT },
      jwt: { kind: 'token', token: JWT },
      accessToken: { kind: 'missing' },
    })
  })
})

describe('readCredentials reads a JWT', () => {
  test.each<[string, string[], unknown]>([
    ['from Authorization: Bearer', ['Authorization', `Bearer ${JWT}`], { kind: 'token', token: JWT }],
    ['from x-access-token', ['X-Access-Token', JWT], { kind: 'token', token: JWT }],
    [
      'from x-access-token beside Basic credentials',
      ['authorization', 'Basic YTpi', 'x-access-token', JWT],
      { kind: 'token', token: JWT },
    ],
    [
      'from x-access-token beside an API key in Authorization',
      ['authorization', `Bearer ${TOKEN}`, 'x-access-token', JWT],
      { kind: 'token', token: JWT },
    ],
    ['as missing when no header has one', ['authorization', 'Basic YTpi'], { kind: 'missing' }],
    [
      'as missing when Authorization has an API key',
      ['authorization', `Bearer ${TOKEN}`],
      { kind: 'missing' },
    ],
    ['as missing in a header with a similar name', ['x-access-tokem', JWT], { kind: 'missing' }],
    [
      'as ambiguous when both headers have one',
      ['authorization', `Bearer ${JWT}`, 'x-access-token', JWT],
      { kind: 'ambiguous' },
    ],
    ['as ambiguous when sent twice', ['x-access-token', JWT, 'X-ACCESS-TOKEN', JWT], { kind: 'ambiguous' }],
    ['as ambiguous when empty', ['x-access-token', ''], { kind: 'ambiguous' }],
    [
      'as ambiguous when one of both headers is empty',
      ['authorization', `Bearer ${JWT}`, 'x-access-token', ''],
      { kind: 'ambiguous' },
    ],
    ['as ambiguous when joined by a comma', ['x-access-token', `${JWT}, ${JWT}`], { kind: 'ambiguous' }],
    [
      'as ambiguous when joined by a comma in Authorization',
      ['authorization', `Bearer ${JWT}, ${JWT}`],
      { kind: 'ambiguous' },
    ],
    [
      'as ambiguous beside an empty Authorization',
      ['authorization', '', 'x-access-token', JWT],
      { kind: 'ambiguous' },
    ],
  ])('%s', (_name, headers, claim) => {
    expect(readCredentials(headers).jwt).toEqual(claim)
  })

  test('without effect on the API key', () => {
    const { apiKey } = readCredentials(['x-access-token', JWT, 'X-Access-Token', '', 'x-api-key', TOKEN])
    expect(apiKey).toEqual(SHOWN)
  })
})

describe('readCredentials reads a foreign token', () => {
  const FOREIGN = 'legacy-4fT0Qm2ZrX9bLk7A'
  const KEY = { kind: 'foreign', token: FOREIGN, otherwise: 'invalid' }
  const BEARER = { kind: 'foreign', token: FOREIGN, otherwise: 'missing' }

  test.each<[string, string[], string[], unknown]>([
    ['from apikey', ['apikey', FOREIGN], [], KEY],
    ['from x-api-key', ['x-api-key', FOREIGN], [], KEY],
    ['from the query', [], [FOREIGN], KEY],
    ['from Authorization: Bearer', ['authorization', `Bearer ${FOREIGN}`], [], BEARER],
    ['not from Basic', ['authorization', `Basic ${FOREIGN}`], [], { kind: 'missing' }],
    ['not from a Bearer beside a header', ['authorization', `Bearer ${FOREIGN}`, 'apikey', TOKEN], [], SHOWN],
    ['not from a Bearer beside the query', ['authorization', `Bearer ${FOREIGN}`], [TOKEN], SHOWN],
    ['not from the pair', ['x-api-appkey', KEY_ID, 'x-api-apptoken', FOREIGN], [], { kind: 'invalid' }],
    ['not from a Bearer that is a JWT', ['authorization', `Bearer ${JWT}`], [], { kind: 'missing' }],
  ])('%s', (_name, headers, query, claim) => {
    expect(readCredentials(headers, query).apiKey).toEqual(claim)
  })

  test('as the key or as the JWT of a request, but not as both', () => {
    const token = { kind: 'token', token: JWT }
    const both = readCredentials(['authorization', `Bearer ${FOREIGN}`, 'x-access-token', JWT])
    expect([both.apiKey, both.jwt]).toEqual([BEARER, { kind: 'ambiguous' }])
    expect(jwtBeside(both, true)).toEqual(token)
    expect(jwtBeside(both, false)).toEqual({ kind: 'ambiguous' })
    const alone = readCredentials(['authorization', `Bearer ${FOREIGN}`])
    expect(jwtBeside(alone, true)).toEqual({ kind: 'missing' })
    expect(jwtBeside(alone, false)).toEqual({ kind: 'token', token: FOREIGN })
    const inHeader = readCredentials(['x-api-key', FOREIGN, 'authorization', `Bearer ${JWT}`])
    expect(jwtBeside(inHeader, true)).toEqual(token)
    const twice = readCredentials([
      'authorization',
      `Bearer ${FOREIGN}`,
      'x-access-token',
      JWT,
      'x-access-token',
      JWT,
    ])
    expect(jwtBeside(twice, true)).toEqual({ kind: 'ambiguous' })
  })

  test.each([
    ['8 characters', 'a'.repeat(8), 'a'.repeat(7)],
    ['512 characters', 'a'.repeat(512), 'a'.repeat(513)],
    ['the first and the last visible character', '!legacy~', '!legacy\u007f'],
    ['a semicolon', 'legacy;1', 'legacy,1'],
    ['a period', 'legacy.1', 'legacy 1'],
    ['another prefix', 'sq_legacy', 'sp_legacy'],
    ['one line', 'legacy-1', 'legacy-1\n'],
  ])('with %s', (_name, foreign, other) => {
    expect([isForeignToken(foreign), isForeignToken(other)]).toEqual([true, false])
  })
})

describe('CREDENTIAL_HEADERS, which never reach an upstream,', () => {
  test('are the headers that readCredentials reads', () => {
    expect([...CREDENTIAL_HEADERS].toSorted()).toEqual([
      'apikey',
      'authorization',
      'x-access-token',
      'x-api-appkey',
      'x-api-apptoken',
      'x-api-key',
    ])
    const pair: Readonly<Record<string, string[]>> = {
      'x-api-appkey': ['x-api-apptoken', TOKEN],
      'x-api-apptoken': ['x-api-appkey', KEY_ID],
    }
    for (const header of CREDENTIAL_HEADERS) {
      const value =
        header === 'x-api-appkey' ? KEY_ID : header === 'authorization' ? `Bearer ${TOKEN}` : TOKEN
      const { apiKey, jwt } = readCredentials([header, value, ...(pair[header] ?? [])])
      expect(header === 'x-access-token' ? jwt.kind : apiKey.kind, header).toBe('token')
      // Twice, it is ambiguous.
      const twice = readCredentials([header, value, header.toUpperCase(), value, ...(pair[header] ?? [])])
      expect(header === 'x-access-token' ? twice.jwt.kind : twice.apiKey.kind, header).toBe('ambiguous')
    }
  })
})

describe('readCredentials', () => {
  const name = fc.oneof(
    fc.constantFrom(...CREDENTIAL_HEADERS).chain((each) => fc.constantFrom(each, each.toUpperCase())),
    fc.string({ maxLength: 14 }),
  )
  const value = fc.oneof(
    fc.constantFrom(TOKEN, OTHER, `Bearer ${TOKEN}`, `Bearer ${JWT}`, KEY_ID, ''),
    fc.string(),
  )
  const header = fc.tuple(name, value)

  test('finds nothing in a request without credentials', () => {
    expect(readCredentials(['host', 'example.com'])).toEqual(NO_CREDENTIALS)
    expect(NO_CREDENTIALS).toEqual({
      apiKey: { kind: 'missing' },
      authorization: { kind: 'none' },
      jwt: { kind: 'missing' },
      accessToken: { kind: 'missing' },
    })
  })

  test('never throws, and returns a token only when it was sent', () => {
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
