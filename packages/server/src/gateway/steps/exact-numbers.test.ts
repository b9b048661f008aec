import type { JwtDecodeStep } from '@sallyport/core'
import { afterAll, describe, expect, test } from 'vitest'
import { startUpstream } from '../../../../../test/support/upstream.ts'
import { makeSigningKey } from '../testing/signing-keys.ts'
import { callTo, generate, pipeline, respondWith, transform } from '../testing/step-fixtures.ts'
import { ACME, deployment, OPEN, startWith } from '../testing/started-gateway.ts'

/* Numbers that JavaScript would write differently pass every step digit for digit, or fail it. */

/** Sends each body back as it is, and the claims that it got. */
const mirror = await startUpstream((request, response) => {
  const { 'x-sallyport-claims': claims } = request.headers
  response.writeHead(200, { 'content-type': 'application/json' })
  if (request.url === '/claims') response.end(Buffer.from(String(claims), 'base64url'))
  else if (request.url === '/fixed') response.end(`{"n":[${NUMBERS.join(',')}]}`)
  else request.pipe(response)
})
const NUMBERS = [
  '9007199254740993',
  '1234567890123456789',
  '1e400',
  '-0',
  '1.0',
  '1E5',
  '0.1000000000000000055511151231257827',
  '0.30000000000000004',
  '1e999999999',
  `${'8'.repeat(2000)}.${'8'.repeat(2000)}`,
]
const url = mirror.url
const post = { kind: 'rest', methods: ['POST'] } as const
const signingKey = await makeSigningKey()
const decode: JwtDecodeStep = { kind: 'jwt.decode', token: 'body.access_token' }
const mint = generate('body.n', { claims: { id: 'body.n', all: 'body' } })
const started = await startWith([
  ...ACME,
  signingKey.record,
  pipeline('copies', [transform({ body: 'body' }), transform({ body: 'body' }), respondWith()], post),
  pipeline('part', transform({ body: '{"id": body.n, "in": {"list": [body.n, 1]}}' }), post),
  pipeline(
    'template',
    transform({ body: '"no. " & body.n', headers: { 'content-type': '"text/plain"' } }),
    post,
  ),
  pipeline(
    'headers',
    transform({ body: 'null', headers: { 'x-one': 'body.n', 'x-two': '[body.n, "a"]' } }),
    post,
  ),
  pipeline('sends', callTo(url, { method: 'POST', body: '{"n": body.n}' }), post),
  pipeline('answers', [callTo(`${url}/fixed`), transform({ body: '{"m": body.n[$$.body.n[0] = $]}' })]),
  pipeline('answer', [callTo(`${url}/fixed`), transform({ body: '{"m": body.n}' })]),
  pipeline('status', transform({ status: 'body.n' }), post),
  pipeline('claims', [mint, decode], post),
  pipeline('claims-object', [generate('"u"', { claims: 'body' }), decode], post),
  pipeline('mint', mint, post),
  deployment({ paths: ['/caller'], authentication: { ...OPEN, jwt: true } }, [callTo(`${url}/claims`)], {
    pipeline: 'caller',
  }),
  deployment(
    { paths: ['/auth'], authentication: { ...OPEN, jwt: true } },
    [transform({ body: 'auth.claims' })],
    { pipeline: 'auth' },
  ),
  pipeline('adds', transform({ headers: { 'x-one': '1' }, body: 'body.n + 1' }), post),
  pipeline('call-adds', callTo(url, { method: 'POST', body: '{"n": -body.n}' }), post),
  pipeline('infinite', transform({ body: '{"n": body.n / 0}' }), post),
  pipeline('infinite-header', transform({ headers: { 'x-n': '[1, body.n / 0]' } }), post),
  pipeline('infinite-claim', generate('"u"', { claims: { ok: '1', n: '{"n": [0 / 0]}' } }), post),
  pipeline('function-body', transform({ body: '$sum' }), post),
  pipeline('function-inside', transform({ body: '{"a": {"b": [1, function($x) { $x }]}}' }), post),
  pipeline('function-header', transform({ headers: { 'x-one': '1', 'x-two': '$sum' } }), post),
  pipeline('function-status', transform({ status: '$sum' }), post),
  pipeline('function-sent', callTo(url, { method: 'POST', body: '{"re": /x/}' }), post),
  pipeline('function-claim', generate('"u"', { claims: { ok: '1', no: '[1, /x/]' } }), post),
  pipeline('function-claims', generate('"u"', { claims: '{"ok": 1, "no": $sum}' }), post),
  pipeline('function-subject', generate('$sum'), post),
  pipeline('zone', transform({ body: '$fromMillis(body.n, undefined, body.secret)' }), post),
])
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await mirror[Symbol.asyncDispose]()
})

async function call(
  name: string,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const sent = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body ?? '',
  }
  return await fetch(`${started.url}/acme/prod/${name}`, body === undefined ? { headers } : sent)
}

const textOf = async (name: string, body?: string): Promise<string> => await (await call(name, body)).text()

describe.each(NUMBERS.map((n) => [n.slice(0, 40), n] as const))('The number %s', (_shown, n) => {
  test('is copied digit for digit, also within objects and lists', async () => {
    const body = `{"n":${n},"a":[[${n}],{"__proto__":{"b":${n}}}],"s":"\\"${n}, 1.0"}`
    expect(await textOf('copies', body)).toBe(body)
    expect(await textOf('part', body)).toBe(`{"id":${n},"in":{"list":[${n},1]}}`)
    expect(await textOf('template', body)).toBe(`no. ${n}`)
  })

  test('is sent digit for digit by a call', async () => {
    expect(await textOf('sends', `{"n":${n}}`)).toBe(`{"n":${n}}`)
  })

  test('keeps its digits in headers', async () => {
    const { headers } = await call('headers', `{"n":${n}}`)
    expect([headers.get('x-one'), headers.get('x-two')]).toEqual([n, `${n}, a`])
  })
})

test('The numbers of an answer keep their digits, and are compared by all of them', async () => {
  expect(await textOf('answer')).toBe(`{"m":[${NUMBERS.join(',')}]}`)
  expect(await textOf('answers')).toBe('{"m":9007199254740993}')
})

describe('Claims', () => {
  // A token has at most 8192 characters.
  const numbers = NUMBERS.filter((n) => n.length < 100)

  test.each(numbers)('keep the digits of %s: signed, decoded, and as those of a caller', async (n) => {
    const body = `{"n":${n}}`
    const subject = `"sub":"${n}"`
    const wanted = `"id":${n},"all":{"n":${n}},`
    const decoded = await textOf('claims', body)
    expect(decoded).toContain(wanted)
    expect(decoded).toContain(subject)
    expect(await textOf('claims-object', body)).toContain(`{"n":${n},`)
    const token = (await (await call('mint', body)).json()) as { access_token: string }
    for (const name of ['auth', 'caller']) {
      const seen = await call(name, undefined, { authorization: `Bearer ${token.access_token}` })
      expect(await seen.text()).toContain(wanted)
    }
  })

  test('that are one number are no claims', async () => {
    expect(await (await call('claims-object', '1.0')).json()).toMatchObject({
      place: '/steps/0/jwt.generate/claims',
      reason: 'value',
    })
  })
})

describe('A status', () => {
  test.each(['202', '202.0', '2.02e2'])('can be %s', async (n) => {
    expect((await call('status', `{"n":${n}}`)).status).toBe(202)
  })

  test.each(['202.00000000000000001', '1e400', '-0', '600.0', '"202"'])('cannot be %s', async (n) => {
    const answer = await call('status', `{"n":${n}}`)
    expect([answer.status, await answer.json()]).toMatchObject([
      500,
      { place: '/steps/0/transform/status', reason: 'value' },
    ])
  })
})

describe('A step that would change a number fails, with its place:', () => {
  test.each([
    ['adds', '9007199254740993', '/steps/0/transform/body'],
    ['adds', '9007199254740991.0', null],
    ['adds', '9007199254740992', '/steps/0/transform/body'],
    ['adds', '1e400', '/steps/0/transform/body'],
    ['adds', '1.50', null],
    ['call-adds', '1e999999999', '/steps/0/call/body'],
    ['call-adds', '1E5', null],
    ['infinite', '1', '/steps/0/transform/body'],
    ['infinite-header', '1', '/steps/0/transform/headers/x-n'],
    ['infinite-claim', '1', '/steps/0/jwt.generate/claims/n'],
  ])('%s with %s: %s', async (name, n, place) => {
    const answer = await call(name, `{"n":${n},"secret":"never shown"}`)
    const body = (await answer.json()) as Readonly<Record<string, unknown>>
    const problem = { code: 'step_failed', place, reason: 'number' }
    expect([answer.status, body]).toMatchObject(place === null ? [200, {}] : [500, problem])
    expect(JSON.stringify([body, started.log])).not.toMatch(/never shown|9007199254740993|1e999999999/)
  })
})

describe('A step fails, with its place, if a result is or contains a function:', () => {
  test.each([
    ['function-body', '/steps/0/transform/body'],
    ['function-inside', '/steps/0/transform/body'],
    ['function-header', '/steps/0/transform/headers/x-two'],
    ['function-status', '/steps/0/transform/status'],
    ['function-sent', '/steps/0/call/body'],
    ['function-claim', '/steps/0/jwt.generate/claims/no'],
    ['function-claims', '/steps/0/jwt.generate/claims'],
    ['function-subject', '/steps/0/jwt.generate/subject'],
  ])('%s: %s', async (name, place) => {
    const answer = await call(name, '{"n":1}')
    const problem = { code: 'step_failed', place, reason: 'value' }
    expect([answer.status, await answer.json()]).toMatchObject([500, problem])
  })
})

test('A step fails for a time zone that is none, and the log says why', async () => {
  const answer = await call('zone', '{"n":1,"secret":"Mars/Olympus"}')
  const problem = { code: 'step_failed', place: '/steps/0/transform/body', reason: 'error' }
  expect([answer.status, await answer.json()]).toMatchObject([500, problem])
  expect(JSON.stringify(started.log)).toContain('A time zone is unknown')
  expect(JSON.stringify(started.log)).not.toContain('Olympus')
})

describe('A body is refused before any step reads it if', () => {
  test.each([
    ['two members have one name', '{"a":1.0,"a":2.0}'],
    ['it has a lone surrogate', '{"a":"\\ud800","n":1.0}'],
    ['a number is not JSON', '{"a":01.0}'],
    ['a number ends with a point', '{"a":1.}'],
  ])('%s', async (_about, body) => {
    expect(await (await call('copies', body)).json()).toMatchObject({ code: 'invalid_request' })
  })

  test('but not because it is deep, when no step copies it', async () => {
    const deep = `${'['.repeat(50_000)}1.0${']'.repeat(50_000)}`
    expect(await textOf('part', `{"deep":${deep},"n":1.0}`)).toBe('{"id":1.0,"in":{"list":[1.0,1]}}')
  })
})
