import { EXPRESSION_CHARS_MAX, type Step } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { parseRequest } from '../requests/request-problems.ts'
import { steps } from './steps.ts'

function problemsOf(...written: readonly unknown[]): Record<string, string> {
  const parsed = parseRequest(steps, written)
  return parsed.ok ? {} : Object.fromEntries(parsed.problems.map(({ path, message }) => [path, message]))
}

function stepOf(written: unknown): Step | undefined {
  const parsed = parseRequest(steps, [written])
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value[0]
}

const URL_TEXT = 'http://up.example/{id}'
const ASSERT = { that: 'status = 200', status: 404, code: 'order_unknown', detail: 'Ask for another order.' }
const TOKEN = { tokenUrl: 'https://id.example.com/t', clientId: 'me', clientSecret: '{secrets.S}' }
const GENERATE = { subject: 'body.user', expiresIn: 60 }

describe('fills in omitted fields', () => {
  test.each<[unknown, Step]>([
    [{ proxy: { url: URL_TEXT } }, { kind: 'proxy', url: URL_TEXT, headers: {}, timeoutMs: null }],
    [
      { call: { url: URL_TEXT } },
      { kind: 'call', url: URL_TEXT, method: 'GET', headers: {}, body: null, timeoutMs: null },
    ],
    [
      { call: { url: URL_TEXT, body: '{}', headers: { 'X-A': '{secrets.A}' }, timeoutMs: 7 } },
      {
        kind: 'call',
        url: URL_TEXT,
        method: 'POST',
        headers: { 'x-a': '{secrets.A}' },
        body: '{}',
        timeoutMs: 7,
      },
    ],
    [
      { call: { url: URL_TEXT, method: 'DELETE', body: '{}' } },
      { kind: 'call', url: URL_TEXT, method: 'DELETE', headers: {}, body: '{}', timeoutMs: null },
    ],
    [{ transform: { status: 201 } }, { kind: 'transform', body: null, headers: {}, status: '201' }],
    [
      { transform: { status: 'body.code', headers: { 'X-A': 'body.a' } } },
      { kind: 'transform', body: null, headers: { 'x-a': 'body.a' }, status: 'body.code' },
    ],
    [{ assert: ASSERT }, { kind: 'assert', ...ASSERT }],
    [
      { 'credentials.verify': { username: 'body.u', password: 'body.p' } },
      { kind: 'credentials.verify', username: 'body.u', password: 'body.p' },
    ],
    [
      { 'oauth.token': TOKEN },
      {
        kind: 'oauth.token',
        ...TOKEN,
        scopes: [],
        audience: null,
        authentication: 'basic',
        timeoutMs: 10_000,
      },
    ],
    [
      { 'jwt.generate': GENERATE },
      { kind: 'jwt.generate', subject: 'body.user', claims: null, scopes: null, expiresInSeconds: 60 },
    ],
    [
      {
        'jwt.generate': {
          subject: '"a"',
          claims: { role: 'body.role', 'https://example.com/team': '"x"' },
          scopes: ['orders:read'],
          expiresIn: '12h',
        },
      },
      {
        kind: 'jwt.generate',
        subject: '"a"',
        claims: { role: 'body.role', 'https://example.com/team': '"x"' },
        scopes: ['orders:read'],
        expiresInSeconds: 43_200,
      },
    ],
    [
      { 'jwt.generate': { ...GENERATE, claims: 'body.claims', scopes: 'body.scopes' } },
      {
        kind: 'jwt.generate',
        subject: 'body.user',
        claims: 'body.claims',
        scopes: 'body.scopes',
        expiresInSeconds: 60,
      },
    ],
    [{ 'jwt.decode': { token: 'body.token' } }, { kind: 'jwt.decode', token: 'body.token' }],
    [{ respond: {} }, { kind: 'respond', status: null, headers: {} }],
    [{ respond: { body: null } }, { kind: 'respond', status: null, headers: {}, body: null }],
  ])('%j', (written, step) => {
    // JSON preserves the parsed step.
    expect(JSON.parse(JSON.stringify(stepOf(written)))).toEqual(stepOf(written))
    expect(stepOf(written)).toStrictEqual(step)
  })
})

describe('a step', () => {
  test.each<[string, unknown[], string[]]>([
    ['none', [], ['']],
    ['a text', ['respond'], ['/0']],
    ['an empty one', [{}], ['/0']],
    ['an unknown one', [{ respond: {}, reply: {} }], ['/0/reply']],
    ['two in one', [{ respond: {}, proxy: { url: URL_TEXT } }], ['/0']],
    ['two in one, one of them wrong', [{ respond: {}, proxy: {} }], ['/0/proxy/url', '/0']],
    ['a name that every object has', [{ toString: {} }], ['/0/toString']],
    ['nested names', [{ jwt: { generate: GENERATE } }], ['/0/jwt']],
    ['fifty-one', Array.from({ length: 51 }, () => ({ respond: {} })), ['']],
  ])('%s', (_name, written, paths) => {
    expect(Object.keys(problemsOf(...written))).toEqual(paths)
  })

  test('with an unknown name gets the list of names', () => {
    expect(problemsOf({ reply: {} })['/0/reply']).toBe(
      'There is no such step. The steps are proxy, call, transform, assert, credentials.verify, jwt.generate, jwt.decode, oauth.token, respond.',
    )
  })

  test('can occur 50 times', () => {
    expect(problemsOf(...Array.from({ length: 50 }, () => ({ respond: {} })))).toEqual({})
  })
})

/** Valid steps with their nearest invalid neighbors, the reported field, and a part of the message. */
const NEIGHBORS: readonly [step: string, right: object, wrong: object, at: string, reason: string][] = [
  ['proxy', { url: 'http://a' }, {}, 'url', 'required'],
  ['proxy', { url: 'http://a/b' }, { url: 'http://a b' }, 'url', 'spaces'],
  ['proxy', { url: `http://a/${'x'.repeat(2039)}` }, { url: `http://a/${'x'.repeat(2040)}` }, 'url', '2048'],
  [
    'proxy',
    { url: 'http://a', timeoutMs: 900_000 },
    { url: 'http://a', timeoutMs: 900_001 },
    'timeoutMs',
    '900000',
  ],
  [
    'proxy',
    { url: 'http://a', headers: { 'x-host': 'b' } },
    { url: 'http://a', headers: { Host: 'b' } },
    'headers/Host',
    'connection',
  ],
  [
    'proxy',
    { url: 'http://a', headers: { a: '{secrets.A_1}' } },
    { url: 'http://a', headers: { a: '{secrets.a_1}' } },
    'headers/a',
    'not a valid secret name',
  ],
  [
    'proxy',
    { url: 'http://a', headers: { a: '{"json": {}}' } },
    { url: 'http://a', headers: { a: '{"json": {}}\r\nb: c' } },
    'headers/a',
    'line breaks',
  ],
  ['oauth.token', TOKEN, { ...TOKEN, clientSecret: 's3cr3t' }, 'clientSecret', 'secret of the environment'],
  ['oauth.token', TOKEN, { ...TOKEN, clientSecret: '{secrets.s}' }, 'clientSecret', 'not a valid secret'],
  ['oauth.token', TOKEN, { ...TOKEN, clientSecret: '{secrets.S}{id}' }, 'clientSecret', 'share the token'],
  ['oauth.token', TOKEN, { ...TOKEN, clientId: '{id}' }, 'clientId', 'share the token'],
  ['oauth.token', TOKEN, { ...TOKEN, clientId: '{oauth.token}' }, 'clientId', 'share the token'],
  ['oauth.token', TOKEN, { ...TOKEN, audience: '{*}' }, 'audience', 'share the token'],
  ['oauth.token', TOKEN, { ...TOKEN, clientId: '' }, 'clientId', 'not be empty'],
  ['oauth.token', TOKEN, { ...TOKEN, tokenUrl: 'https://id/{id}' }, 'tokenUrl', 'path parameter'],
  [
    'oauth.token',
    TOKEN,
    { ...TOKEN, tokenUrl: 'https://id/{secrets.S}' },
    'tokenUrl',
    'cannot contain a secret',
  ],
  ['oauth.token', TOKEN, { ...TOKEN, tokenUrl: 'ftp://id' }, 'tokenUrl', 'must start with'],
  ['oauth.token', { ...TOKEN, scopes: ['a'] }, { ...TOKEN, scopes: ['a b'] }, 'scopes/0', 'without spaces'],
  ['oauth.token', { ...TOKEN, scopes: ['a'] }, { ...TOKEN, scopes: 'a' }, 'scopes', 'array'],
  ['oauth.token', TOKEN, { ...TOKEN, authentication: 'none' }, 'authentication', 'basic'],
  ['oauth.token', { ...TOKEN, timeoutMs: 10_000 }, { ...TOKEN, timeoutMs: 10_001 }, 'timeoutMs', '10000'],
  ...(
    [
      ['proxy', null, 7, '', 'A header is'],
      ['proxy', { append: ['b'] }, { append: [] }, '/append', 'at least 1'],
      ['proxy', { append: ['b'] }, { append: ['{auth.key}'] }, '/append/0', 'A caller could send'],
      ['proxy', { from: 'x-b' }, { from: 'Authorization' }, '/from', 'does not pass on'],
      ['proxy', { from: 'x-b' }, { from: 'transfer-encoding' }, '/from', 'does not pass on'],
      ['proxy', { from: 'x-b' }, { from: 'x-sallyport-key' }, '/from', 'does not pass on'],
      ['proxy', { by: 'key', values: {} }, { by: 'claims', values: {} }, '/by', 'consumer'],
      [
        'call',
        { by: 'key', values: { a: '{secrets.A}' } },
        { by: 'key', values: { a: '{secrets.a}' } },
        '/values/a',
        'not a valid secret',
      ],
      ['proxy', '{auth.claims.sub}', '{auth.claim.sub}', '', 'is no placeholder'],
      ['proxy', '{oauth.token}', '{oauth.tokens}', '', 'is no placeholder'],
      ['call', null, { from: 'x-b' }, '', 'no headers of the caller'],
      ['call', null, { append: ['a'] }, '', 'no headers of the caller'],
    ] as const
  ).map(([kind, right, wrong, at, reason]): (typeof NEIGHBORS)[number] => [
    kind,
    { url: 'http://a', headers: { a: right } },
    { url: 'http://a', headers: { a: wrong } },
    `headers/a${at}`,
    reason,
  ]),
  [
    'proxy',
    { url: 'http://a', headers: { a: { from: 'x' }, b: { from: 'y' } } },
    { url: 'http://a', headers: { a: { from: 'x' }, b: { from: 'X' } } },
    'headers/b/from',
    'already',
  ],
  [
    'proxy',
    { url: 'http://a', responseHeaders: { a: null } },
    { url: 'http://a', responseHeaders: { 'transfer-encoding': null } },
    'responseHeaders/transfer-encoding',
    'connection',
  ],
  ['call', { url: 'http://a', method: 'HEAD' }, { url: 'http://a', method: 'OPTIONS' }, 'method', 'one of'],
  ['call', { url: 'http://a', method: 'PUT' }, { url: 'http://a', method: 'put' }, 'method', 'one of'],
  [
    'call',
    { url: 'http://a', method: 'PUT', body: 'body' },
    { url: 'http://a', method: 'GET', body: 'body' },
    'body',
    'no body',
  ],
  ['call', { url: 'http://a', timeoutMs: 1 }, { url: 'http://a', timeoutMs: 0 }, 'timeoutMs', '1'],
  ['call', { url: 'http://a', body: '1' }, { url: 'http://a', body: '' }, 'body', 'not be empty'],
  ['call', { url: 'http://a', body: '1' }, { url: 'http://a', body: { a: 1 } }, 'body', 'string'],
  ['transform', { body: 'body' }, {}, '', 'must set'],
  ['transform', { headers: { a: '1' } }, { headers: {} }, '', 'must set'],
  ['transform', { headers: { a: '1' } }, { headers: { a: '' } }, 'headers/a', 'not be empty'],
  [
    'transform',
    { headers: { ['a'.repeat(100)]: '1' } },
    { headers: { ['a'.repeat(101)]: '1' } },
    `headers/${'a'.repeat(100)}`,
    'A header name has at most 100 characters.',
  ],
  [
    'transform',
    { headers: { a: '1' } },
    { headers: { 'x-sallyport-key': '1' } },
    'headers/x-sallyport-key',
    'gateway',
  ],
  ['transform', { headers: { a: '1' } }, { headers: { traceparent: '1' } }, 'headers/traceparent', 'trace'],
  ['transform', { headers: { a: '1' } }, { headers: { TraceState: '1' } }, 'headers/TraceState', 'trace'],
  ['transform', { status: 200 }, { status: 199 }, 'status', '200 to 599'],
  ['transform', { status: 599 }, { status: 600 }, 'status', '200 to 599'],
  ['transform', { status: 200 }, { status: 200.5 }, 'status', 'whole number'],
  ['transform', { status: '1' }, { status: '' }, 'status', 'not be empty'],
  ['transform', { status: 'x' }, { status: true }, 'status', 'or an expression'],
  [
    'transform',
    { body: 'x'.repeat(EXPRESSION_CHARS_MAX) },
    { body: 'x'.repeat(EXPRESSION_CHARS_MAX + 1) },
    'body',
    '8192',
  ],
  ['assert', ASSERT, { ...ASSERT, that: undefined }, 'that', 'required'],
  ['assert', ASSERT, { ...ASSERT, status: undefined }, 'status', '400 to 599'],
  ['assert', ASSERT, { ...ASSERT, code: undefined }, 'code', 'required'],
  ['assert', ASSERT, { ...ASSERT, detail: undefined }, 'detail', 'required'],
  ['assert', { ...ASSERT, status: 400 }, { ...ASSERT, status: 399 }, 'status', '400 to 599'],
  ['assert', { ...ASSERT, status: 599 }, { ...ASSERT, status: 600 }, 'status', '400 to 599'],
  ['assert', { ...ASSERT, status: 404 }, { ...ASSERT, status: '404' }, 'status', 'whole number'],
  ['assert', { ...ASSERT, code: 'a' }, { ...ASSERT, code: 'A' }, 'code', 'order_unknown'],
  ['assert', { ...ASSERT, code: 'a_1' }, { ...ASSERT, code: 'a-1' }, 'code', 'order_unknown'],
  ['assert', { ...ASSERT, code: 'a'.repeat(64) }, { ...ASSERT, code: 'a'.repeat(65) }, 'code', '64'],
  ['assert', { ...ASSERT, detail: 'a'.repeat(500) }, { ...ASSERT, detail: 'a'.repeat(501) }, 'detail', '500'],
  ['assert', { ...ASSERT, detail: 'a' }, { ...ASSERT, detail: '' }, 'detail', 'caller'],
  ['credentials.verify', { username: 'a', password: 'b' }, { username: 'a' }, 'password', 'required'],
  [
    'credentials.verify',
    { username: 'a', password: 'b' },
    { username: '', password: 'b' },
    'username',
    'not be empty',
  ],
  ['jwt.generate', GENERATE, { subject: 'a' }, 'expiresIn', 'lifetime'],
  ['jwt.generate', GENERATE, { expiresIn: 1 }, 'subject', 'required'],
  ['jwt.generate', { ...GENERATE, expiresIn: 1 }, { ...GENERATE, expiresIn: 0 }, 'expiresIn', '365 days'],
  [
    'jwt.generate',
    { ...GENERATE, expiresIn: 31_536_000 },
    { ...GENERATE, expiresIn: 31_536_001 },
    'expiresIn',
    '365',
  ],
  [
    'jwt.generate',
    { ...GENERATE, expiresIn: 2 },
    { ...GENERATE, expiresIn: 1.5 },
    'expiresIn',
    'whole number of seconds',
  ],
  [
    'jwt.generate',
    { ...GENERATE, expiresIn: '365d' },
    { ...GENERATE, expiresIn: '366d' },
    'expiresIn',
    '365',
  ],
  [
    'jwt.generate',
    { ...GENERATE, expiresIn: '3600s' },
    { ...GENERATE, expiresIn: '3600' },
    'expiresIn',
    '15m',
  ],
  ['jwt.generate', { ...GENERATE, expiresIn: '15m' }, { ...GENERATE, expiresIn: '15 m' }, 'expiresIn', '15m'],
  ['jwt.generate', { ...GENERATE, expiresIn: '1h' }, { ...GENERATE, expiresIn: '-1h' }, 'expiresIn', '15m'],
  ['jwt.generate', { ...GENERATE, expiresIn: '1d' }, { ...GENERATE, expiresIn: '0d' }, 'expiresIn', '15m'],
  ['jwt.generate', { ...GENERATE, expiresIn: '1d' }, { ...GENERATE, expiresIn: '1w' }, 'expiresIn', '15m'],
  ['jwt.generate', { ...GENERATE, scopes: ['a'] }, { ...GENERATE, scopes: ['a b'] }, 'scopes/0', 'spaces'],
  ['jwt.generate', { ...GENERATE, scopes: ["a'"] }, { ...GENERATE, scopes: ['a"'] }, 'scopes/0', 'visible'],
  ['jwt.generate', { ...GENERATE, scopes: ['a/'] }, { ...GENERATE, scopes: ['a\\'] }, 'scopes/0', 'visible'],
  [
    'jwt.generate',
    { ...GENERATE, scopes: ['a', 'b'] },
    { ...GENERATE, scopes: ['a', 'a'] },
    'scopes',
    'twice',
  ],
  ['jwt.generate', { ...GENERATE, scopes: ['1'] }, { ...GENERATE, scopes: ['1', 1] }, 'scopes/1', 'string'],
  ['jwt.generate', { ...GENERATE, scopes: [] }, { ...GENERATE, scopes: {} }, 'scopes', 'or a list'],
  [
    'jwt.generate',
    { ...GENERATE, claims: { a: '1' } },
    { ...GENERATE, claims: { a: 1 } },
    'claims/a',
    'string',
  ],
  [
    'jwt.generate',
    { ...GENERATE, claims: { a: '1' } },
    { ...GENERATE, claims: { a: '' } },
    'claims/a',
    'not be empty',
  ],
  ['jwt.generate', { ...GENERATE, claims: {} }, { ...GENERATE, claims: [] }, 'claims', 'for each claim'],
  [
    'jwt.generate',
    { ...GENERATE, claims: { scp: '1' } },
    { ...GENERATE, claims: { scope: '1' } },
    'claims/scope',
    '`scopes`',
  ],
  [
    'jwt.generate',
    { ...GENERATE, claims: { subj: '1' } },
    { ...GENERATE, claims: { sub: '1' } },
    'claims/sub',
    '`subject`',
  ],
  ...['iss', 'aud', 'iat', 'exp', 'nbf', 'jti', 'azp', 'sallyport_key'].map(
    (name): [string, object, object, string, string] => [
      'jwt.generate',
      { ...GENERATE, claims: { [`${name}2`]: '1' } },
      { ...GENERATE, claims: { [name]: '1' } },
      `claims/${name}`,
      'Sallyport sets the claim',
    ],
  ),
  [
    'jwt.generate',
    { ...GENERATE, claims: { ['c'.repeat(100)]: '1' } },
    { ...GENERATE, claims: { ['c'.repeat(101)]: '1' } },
    `claims/${'c'.repeat(100)}`,
    '100',
  ],
  [
    'jwt.generate',
    { ...GENERATE, claims: manyClaims(50) },
    { ...GENERATE, claims: manyClaims(51) },
    'claims',
    '50',
  ],
  ['jwt.decode', { token: 'a' }, {}, 'token', 'required'],
  ['jwt.decode', { token: 'a' }, { token: 'a', key: 'b' }, 'key', 'unknown'],
  ['respond', { status: 200 }, { status: 100 }, 'status', '200 to 599'],
  ['respond', { status: 205, body: null }, { status: 205, body: '' }, 'body', 'no body'],
  ['respond', { status: 200, body: {} }, { status: 204, body: {} }, 'body', 'no body'],
  [
    'respond',
    { headers: { a: '{id}' } },
    { headers: { 'content-length': '1' } },
    'headers/content-length',
    'set',
  ],
  ['respond', {}, { delay: 1 }, 'delay', 'unknown'],
]

function manyClaims(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`claim${index}`, '1']))
}

test.each(NEIGHBORS)('%#: accepts %s and rejects its invalid neighbor', (name, right, wrong, at, reason) => {
  expect(problemsOf({ [name]: right })).toEqual({})
  const problems = problemsOf({ [name]: wrong })
  expect(Object.keys(problems)).toEqual([at === '' ? `/0/${name}` : `/0/${name}/${at}`])
  expect(Object.values(problems).join()).toContain(reason)
})

test('a body can be any JSON', () => {
  for (const body of [null, 0, false, '', [], { a: [1] }]) {
    expect(stepOf({ respond: { body } })).toMatchObject({ body })
  }
})

test('A proxy keeps what it tells about the request of the caller, and only if it does', () => {
  const readProxy = (fields: object) => parseRequest(steps, [{ proxy: { url: 'http://up/', ...fields } }])
  const told = readProxy({ preserveHost: true, forwardedPrefix: true })
  expect(told.ok && told.value[0]).toMatchObject({ preserveHost: true, forwardedPrefix: true })
  const untold = readProxy({ preserveHost: false })
  expect(untold.ok && Object.keys(untold.value[0] ?? {})).toEqual(['kind', 'url', 'headers', 'timeoutMs'])
  expect(readProxy({ preserveHost: 'yes' }).ok).toBe(false)
})
