import { randomBytes } from 'node:crypto'
import type {
  ConsumerRecord,
  CredentialsVerifyStep,
  FeedRecord,
  JwtDecodeStep,
  JwtGenerateStep,
  Trigger,
} from '@sallyport/core'
import { afterAll, describe, expect, test } from 'vitest'
import { hashPassword } from '../../crypto/password-hash.ts'
import { callTo, generate, pipeline, respondWith, transform } from '../testing/step-fixtures.ts'
import { makeSigningKey } from '../testing/signing-keys.ts'
import { ACME, deployment, makeKey, OPEN, startWith } from '../testing/started-gateway.ts'
import { startEchoUpstream } from '../../../../../test/support/upstream.ts'

const PIPELINES = ['login', 'orders', 'trusting', 'mint']

function consumer(name: string, fields: Partial<ConsumerRecord> = {}): ConsumerRecord {
  return {
    kind: 'consumer',
    organization: 'acme',
    id: `con_${name}`,
    name,
    environment: 'prod',
    active: true,
    pipelines: PIPELINES,
    ...fields,
  }
}

const passwordHash = await hashPassword('open sesame', randomBytes)
function basicOf(name: string): FeedRecord {
  const owner = { organization: 'acme', environment: 'prod', id: `bas_${name}` }
  return { kind: 'basic-credential', ...owner, username: name, consumer: `con_${name}`, passwordHash }
}

const credentials: CredentialsVerifyStep = {
  kind: 'credentials.verify',
  username: 'body.username',
  password: 'body.password',
}
const decode: JwtDecodeStep = { kind: 'jwt.decode', token: 'body.token' }
const upstream = await startEchoUpstream()
const signingKey = await makeSigningKey()
const unknownKey = await makeSigningKey()
const app = makeKey({ consumer: 'con_app', environment: 'prod', roles: [] })
const spare = makeKey({ consumer: 'con_app', environment: 'prod', roles: [] })
const other = makeKey({ consumer: 'con_other', environment: 'prod', roles: [] })
const own = makeKey()
const post: Partial<Trigger> = { kind: 'rest', methods: ['POST'] }
const both = { ...OPEN, apiKey: true, jwt: true }

const MINTS: Readonly<Record<string, JwtGenerateStep>> = {
  full: generate('"u" & 7', {
    claims: { plan: '"gold"', 'https://x/y': '[1, 2]', none: 'missing' },
    scopes: ['orders:read', 'orders:write'],
    expiresInSeconds: 60,
  }),
  'number-subject': generate('42'),
  'claims-expression': generate('"u"', { claims: '{"plan": "gold"}', scopes: '"a b a"' }),
  'scope-list': generate('"u"', { scopes: '["a", "b"]' }),
  'no-claims': generate('"u"', { claims: 'missing', scopes: 'missing' }),
}
const INVALID_STEPS: readonly (readonly [JwtGenerateStep, pointer: string, reason: string])[] = [
  [generate('missing'), '/subject', 'value'],
  [generate('""'), '/subject', 'value'],
  [generate('{"a": 1}'), '/subject', 'value'],
  [generate('"u"', { claims: '{"iss": "evil"}' }), '/claims', 'value'],
  [generate('"u"', { claims: '{"azp": "con_other"}' }), '/claims', 'value'],
  [generate('"u"', { claims: '{"scope": "all"}' }), '/claims', 'value'],
  [generate('"u"', { claims: '{"sallyport_key": "key_0000000000000000"}' }), '/claims', 'value'],
  [generate('"u"', { claims: { exp: '99999999999' } }), '/claims', 'value'],
  [generate('"u"', { claims: '"text"' }), '/claims', 'value'],
  [generate('"u"', { scopes: '["a b"]' }), '/scopes', 'value'],
  [generate('"u"', { scopes: '7' }), '/scopes', 'value'],
  [generate('"u"', { claims: { long: '$pad("x", 9000, "x")' } }), '', 'too_large'],
  [generate('$number("abc")'), '/subject', 'error'],
]

let nowMs = Date.now()
const started = await startWith(
  [
    ...ACME,
    signingKey.record,
    app.record,
    spare.record,
    other.record,
    own.record,
    consumer('app'),
    consumer('other'),
    consumer('off', { active: false }),
    consumer('tester', { environment: 'test' }),
    ...['app', 'other', 'off', 'tester'].map(basicOf),
    deployment(
      { paths: ['/login'], ...post, login: true },
      [credentials, generate('auth.consumer', { claims: { id: 'auth.consumerId' } })],
      { pipeline: 'login' },
    ),
    pipeline('open-login', [credentials, callTo(`${upstream.url}/`), respondWith()], post),
    deployment({ paths: ['/orders'], authentication: both }, transform({ body: 'auth' }), {
      pipeline: 'orders',
    }),
    deployment(
      { paths: ['/trusting'], authentication: { ...OPEN, jwt: true } },
      transform({ body: 'auth' }),
      {
        pipeline: 'trusting',
      },
    ),
    deployment({ paths: ['/mint'] }, generate('"u"'), { pipeline: 'mint' }),
    pipeline('anonymous', generate('"u"')),
    pipeline('decode', decode, post),
    pipeline('bearer', [generate('"u"'), transform({ body: '{"token": headers.authorization}' })]),
    ...Object.entries(MINTS).map(([name, step]) => pipeline(name, step)),
    ...INVALID_STEPS.map(([step], index) => pipeline(`invalid-${index}`, step)),
    {
      ...pipeline('keyless', generate('"u"')),
      environment: 'test',
    },
  ],
  { nowMs: () => nowMs },
)
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

async function call(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: unknown,
): Promise<Response> {
  const sent =
    body === undefined
      ? { headers }
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }
  return await fetch(`${started.url}/acme/${path}`, sent)
}

async function codeOf(answer: Response): Promise<string> {
  return `${answer.status} ${String(((await answer.json()) as { code?: unknown }).code)}`
}

interface Token {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in: number
  readonly scope?: string
}

async function tokenOf(answer: Response): Promise<Token> {
  expect(answer.status).toBe(200)
  return (await answer.json()) as Token
}

function claimsOf({ access_token: token }: Token): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}

/** The token with one changed character in its signature. */
function withOtherSignature(token: string): string {
  const start = token.lastIndexOf('.') + 1
  return token.slice(0, start) + (token[start] === 'A' ? 'B' : 'A') + token.slice(start + 1)
}

function login(username: unknown, password: unknown, key = app.token): Promise<Response> {
  return call('prod/login', { 'x-api-key': key }, { username, password })
}

describe('The login pair', () => {
  test('issues a token for credentials, which the second pipeline accepts with the same key', async () => {
    const answer = await login('app', 'open sesame')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const token = await tokenOf(answer)
    expect(answer.headers.get('authorization')).toBe(`Bearer ${token.access_token}`)
    expect(token).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 900 })
    const issuedAt = Math.floor(nowMs / 1000)
    expect(claimsOf(token)).toEqual({
      iss: 'urn:sallyport:acme:prod',
      aud: 'urn:sallyport:acme:prod',
      sub: 'app',
      id: 'con_app',
      azp: 'con_app',
      sallyport_key: app.record.id,
      sallyport_secret: 1,
      sallyport_credential: 'bas_app',
      iat: issuedAt,
      exp: issuedAt + 900,
      jti: expect.stringMatching(/^[\w-]{22}$/),
    })
    const seen = await call('prod/orders', {
      'x-api-key': app.token,
      authorization: `Bearer ${token.access_token}`,
    })
    expect(await seen.json()).toMatchObject({
      organization: 'acme',
      consumer: 'app',
      consumerId: 'con_app',
      key: app.record.id,
      claims: { sub: 'app' },
    })
  })

  test("refuses the key without a token, and another consumer's token", async () => {
    const { access_token: token } = await tokenOf(await login('app', 'open sesame'))
    const orders = (key: string, authorization?: string): Promise<Response> =>
      call('prod/orders', { 'x-api-key': key, ...(authorization === undefined ? {} : { authorization }) })
    expect(await codeOf(await orders(app.token))).toBe('401 token_missing')
    expect(await codeOf(await orders(other.token, `Bearer ${token}`))).toBe('403 token_wrong_consumer')
    expect(await codeOf(await orders(app.token, `Bearer ${withOtherSignature(token)}`))).toBe(
      '401 token_invalid',
    )
    expect(await codeOf(await call('prod/orders', { authorization: `Bearer ${token}` }))).toBe(
      '401 credential_missing',
    )
  })

  test('ends the token at its expiry and with its consumer', async () => {
    const { access_token: token } = await tokenOf(await login('app', 'open sesame'))
    const decoded = (): Promise<Response> => call('prod/decode', {}, { token })
    expect((await decoded()).status).toBe(200)
    started.apply([consumer('app', { active: false })])
    expect(await codeOf(await decoded())).toBe('401 token_invalid')
    started.apply([consumer('app')])
    expect((await decoded()).status).toBe(200)
    const before = nowMs
    nowMs += 900_000 + 31_000
    expect(await codeOf(await decoded())).toBe('401 token_expired')
    nowMs = before
  })
})

describe('A token and its login key', () => {
  const alone = (token: string): Promise<Response> =>
    call('prod/trusting', { authorization: `Bearer ${token}` })
  const withKey = (token: string, key: string): Promise<Response> =>
    call('prod/orders', { 'x-api-key': key, authorization: `Bearer ${token}` })

  test("end together, while the tokens of the consumer's other keys stay valid", async () => {
    const { access_token: ofApp } = await tokenOf(await login('app', 'open sesame'))
    const { access_token: ofSpare } = await tokenOf(await login('app', 'open sesame', spare.token))
    const decoded = (token: string): Promise<Response> => call('prod/decode', {}, { token })
    expect((await withKey(ofApp, spare.token)).status).toBe(200)
    for (const fields of [{ active: false }, { deleted: true }, { expiresAtMs: nowMs }]) {
      expect([(await alone(ofApp)).status, (await decoded(ofApp)).status]).toEqual([200, 200])
      started.apply([{ ...app.record, ...fields }])
      expect(await codeOf(await alone(ofApp))).toBe('401 token_invalid')
      expect(await codeOf(await decoded(ofApp))).toBe('401 token_invalid')
      expect(await codeOf(await withKey(ofApp, spare.token))).toBe('401 token_invalid')
      expect((await alone(ofSpare)).status).toBe(200)
      expect((await withKey(ofSpare, spare.token)).status).toBe(200)
      started.apply([app.record])
    }
  })

  test('share address rules and limits, when no key is sent', async () => {
    const { access_token: token } = await tokenOf(await login('app', 'open sesame'))
    expect(await (await alone(token)).json()).toMatchObject({ consumerId: 'con_app', key: app.record.id })
    started.apply([{ ...app.record, addressRules: ['198.51.100.0/24'] }])
    expect(await codeOf(await alone(token))).toBe('403 address_not_allowed')
    expect(await (await withKey(token, spare.token)).json()).toMatchObject({ key: spare.record.id })
    started.apply([{ ...app.record, rateLimits: [{ requests: 1, per: 'day', by: 'credential' }] }])
    expect((await alone(token)).status).toBe(200)
    expect(await codeOf(await alone(token))).toBe('429 rate_limited')
    // The key's limit counts both ways of using it.
    expect(await codeOf(await withKey(token, app.token))).toBe('429 rate_limited')
    expect((await withKey(token, spare.token)).status).toBe(200)
    started.apply([app.record])
  })
})

describe('Credentials', () => {
  test.each<[string, unknown, unknown]>([
    ['a wrong password', 'app', 'open sesame '],
    ['an unknown user', 'nobody', 'open sesame'],
    ["credentials of another consumer than the key's", 'other', 'open sesame'],
    ['credentials of an inactive consumer', 'off', 'open sesame'],
    ['credentials of a consumer in another environment', 'tester', 'open sesame'],
    ['no password', 'app', undefined],
    ['a password that is not a string', 'app', ['open sesame']],
    ['a username that is not a string', { $: 'app' }, 'open sesame'],
    ['an empty username', '', 'open sesame'],
  ])('that are %s get the same refusal', async (_name, username, password) => {
    const answer = await login(username, password)
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="sallyport", charset="UTF-8"')
    expect(await codeOf(answer)).toBe('401 basic_invalid')
  })

  test('that are valid set the identity for the rest of the pipeline', async () => {
    const answer = await call('prod/open-login', {}, { username: 'other', password: 'open sesame' })
    const { headers } = (await answer.json()) as { headers: Record<string, string> }
    expect(headers['x-sallyport-consumer']).toBe('other')
    expect(
      await codeOf(await call('prod/open-login', {}, { username: 'off', password: 'open sesame' })),
    ).toBe('401 basic_invalid')
  })
})

describe('A token', () => {
  test('has the claims of its step', async () => {
    const token = await tokenOf(await call('prod/full'))
    expect(token).toMatchObject({ expires_in: 60, scope: 'orders:read orders:write' })
    const { sub, plan, scope, iat, exp, ...rest } = claimsOf(token)
    expect([sub, plan, scope, Number(exp) - Number(iat)]).toEqual([
      'u7',
      'gold',
      'orders:read orders:write',
      60,
    ])
    expect(rest).toMatchObject({ 'https://x/y': [1, 2] })
    expect(rest).not.toHaveProperty('none')
    expect(rest).not.toHaveProperty('azp')
  })

  test('accepts each form of subject and scopes', async () => {
    expect(claimsOf(await tokenOf(await call('prod/number-subject')))).toMatchObject({ sub: '42' })
    expect(claimsOf(await tokenOf(await call('prod/claims-expression')))).toMatchObject({
      plan: 'gold',
      scope: 'a b',
    })
    expect(claimsOf(await tokenOf(await call('prod/scope-list')))).toMatchObject({ scope: 'a b' })
    expect(claimsOf(await tokenOf(await call('prod/no-claims')))).not.toHaveProperty('scope')
  })

  test('is minted for the key if it has no consumer, and for none without a key', async () => {
    const forKey = await tokenOf(await call('prod/mint', { 'x-api-key': own.token }))
    expect(claimsOf(forKey)['azp']).toBe(own.record.id)
    expect(claimsOf(forKey)).not.toHaveProperty('sallyport_key')
    expect(claimsOf(await tokenOf(await call('prod/anonymous')))).not.toHaveProperty('azp')
  })

  test('is also a header of the message', async () => {
    const { token } = (await (await call('prod/bearer')).json()) as { token: string }
    expect(token).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/)
  })

  test.each(
    INVALID_STEPS.map(
      ([step, place, reason], index) => [JSON.stringify(step), place, reason, index] as const,
    ),
  )('is not minted from invalid values: %s', async (_step, pointer, reason, index) => {
    const answer = await call(`prod/invalid-${index}`)
    expect(answer.headers.has('authorization')).toBe(false)
    expect(await answer.json()).toMatchObject({
      code: 'step_failed',
      place: expect.stringMatching(new RegExp(`^/steps/0/jwt.generate${pointer}`)) as string,
      reason,
    })
  })

  test('cannot be minted without a signing key, which is logged', async () => {
    expect(await codeOf(await call('test/keyless'))).toBe('503 unavailable')
    expect(started.log.at(-1)).toContain('the environment has no signing key')
  })
})

describe('Decoding', () => {
  test('puts the claims into the body', async () => {
    const token = await signingKey.sign({ plan: 'gold' })
    expect(await (await call('prod/decode', {}, { token })).json()).toMatchObject({
      iss: 'urn:sallyport:acme:prod',
      plan: 'gold',
    })
  })

  test.each<[string, () => unknown, string]>([
    ['nothing', () => undefined, '401 token_missing'],
    ['an empty string', () => '', '401 token_missing'],
    ['not a string', () => 7, '401 token_invalid'],
    ['a malformed token', () => 'a.b.c', '401 token_invalid'],
    ['a token with an unknown signing key', () => unknownKey.sign({}), '401 token_invalid'],
    ['a token for an unknown key', () => signingKey.sign({ azp: makeKey().record.id }), '401 token_invalid'],
    ['an expired token', () => signingKey.sign({ exp: Math.floor(nowMs / 1000) - 60 }), '401 token_expired'],
  ])('%s is refused', async (_name, token, refusal) => {
    const answer = await call('prod/decode', {}, { token: await token() })
    expect(answer.headers.has('www-authenticate')).toBe(true)
    expect(await codeOf(answer)).toBe(refusal)
  })
})
