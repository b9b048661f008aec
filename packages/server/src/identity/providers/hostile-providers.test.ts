import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Problem } from '@sallyport/core'
import { type HostileProvider, type Misbehaviour, openHostileProvider } from '../testing/hostile-provider.ts'
import { openRealProvider, type RealProvider } from '../testing/real-provider.ts'
import { listening } from '../testing/listening.ts'
import type { ProviderLimits, SignInProvider } from './sign-in-provider.ts'
import { SignInProviders } from './sign-in-providers.ts'

const PUBLIC_URL = 'https://sallyport.example.com'
const DISCOVERY = '/.well-known/openid-configuration'
const ADA = { subject: 'ada-1', email: 'ada@example.com', emailVerified: true, name: null }
const DOWN = 'The sign-in provider "Hostile" does not respond. Sign in another way, or try again shortly.'

let provider: HostileProvider
let nowMs = 0

beforeAll(async () => {
  provider = await openHostileProvider()
})

beforeEach(() => {
  provider.behaviour = {}
  provider.requests.length = 0
})

afterAll(async () => await provider[Symbol.asyncDispose]())

function open(limits: Partial<ProviderLimits> = {}, settings: Partial<SignInProvider> = {}): SignInProviders {
  return new SignInProviders([{ ...provider.settings, ...settings }], {
    publicUrl: () => PUBLIC_URL,
    monotonicMs: () => nowMs,
    limits,
  })
}

/** What a whole sign-in comes to: an account, the reason of the refusal, or the detail of the problem. */
async function signIn(
  providers: SignInProviders,
  behaviour: Misbehaviour = {},
  editQuery: (query: string) => string = (query) => query,
): Promise<unknown> {
  provider.behaviour = behaviour
  try {
    const { url, kept } = await providers.begin('hostile')
    const completed = await providers.complete('hostile', editQuery(provider.authorize(url)), kept)
    return completed.ok ? completed.account : completed.reason
  } catch (error) {
    if (error instanceof Problem && error.code === 'unavailable') return error.detail
    throw error
  }
}

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end()

const json = (text: string) => (response: ServerResponse) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(text)

/** Sends the start of an answer, and never its end. */
function stall(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('{')
}

/** Sends without end. */
function flood(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const send = (): void => {
    while (!response.destroyed && response.write(' '.repeat(16 * 1024)));
  }
  response.on('drain', send)
  send()
}

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds

describe('an ID token', () => {
  test.each<[string, Misbehaviour]>([
    ['that is right', {}],
    ['with the client in a list', { claims: { aud: ['sallyport'] } }],
    [
      'for several audiences, with this authorized party',
      { claims: { aud: ['sallyport', 'b'], azp: 'sallyport' } },
    ],
    ['that expires soon', { claims: { exp: inSeconds(30) } }],
    ['whose verified address is the text "true"', { claims: { email_verified: 'true' } }],
  ])('%s is accepted', async (_name, behaviour) => {
    await using providers = open()
    expect(await signIn(providers, behaviour)).toEqual(ADA)
  })

  test.each<[string, Misbehaviour, string]>([
    ['with another nonce', { claims: { nonce: 'other' } }, '"nonce"'],
    ['without a nonce', { claims: { nonce: undefined } }, '"nonce"'],
    ['for another audience', { claims: { aud: 'other' } }, '"aud"'],
    ['without an audience', { claims: { aud: undefined } }, '"aud"'],
    [
      'for another audience too, without an authorized party',
      { claims: { aud: ['sallyport', 'b'] } },
      '"aud"',
    ],
    [
      'for several audiences, with another authorized party',
      { claims: { aud: ['sallyport', 'b'], azp: 'b' } },
      '"azp"',
    ],
    ['with another authorized party', { claims: { azp: 'other' } }, 'another client'],
    ['of another issuer', { claims: { iss: 'https://other.example.com' } }, '"iss"'],
    ['of this issuer with a slash', { claims: { iss: 'http://127.0.0.1/' } }, '"iss"'],
    ['without an issuer', { claims: { iss: undefined } }, '"iss"'],
    ['that has expired', { claims: { exp: inSeconds(-60) } }, '"exp"'],
    ['without expiry', { claims: { exp: undefined } }, '"exp"'],
    ['that is not valid yet', { claims: { nbf: inSeconds(120) } }, '"nbf"'],
    ['without a signature', { signs: 'not' }, 'unsupported operation'],
    ['signed with the client secret', { signs: 'with the client secret' }, 'unsupported operation'],
    ['signed with another key', { signs: 'with another key' }, 'signature'],
    ['without a subject', { claims: { sub: undefined } }, '"sub"'],
    ['with an empty subject', { claims: { sub: '' } }, 'no valid subject'],
    ['with a subject of 256 characters', { claims: { sub: 's'.repeat(256) } }, 'no valid subject'],
    ['with a line break in its subject', { claims: { sub: 'ada-1\n' } }, 'no valid subject'],
    ['that is missing', { tokens: { id_token: undefined } }, '"id_token"'],
    ['that is no JWT', { tokens: { id_token: 'x' } }, 'Invalid JWT'],
    ['that is encrypted', { tokens: { id_token: 'a.b.c.d.e' } }, 'unsupported operation'],
  ])('%s is refused', async (_name, behaviour, reason) => {
    await using providers = open()
    expect(await signIn(providers, behaviour)).toContain(reason)
  })

  test.each<[string, NonNullable<Misbehaviour['claims']>, object]>([
    ['an unverified address', { email_verified: false }, { ...ADA, emailVerified: false }],
    ['an address without a word about it', { email_verified: undefined }, { ...ADA, emailVerified: false }],
    ['an address verified with 1', { email_verified: 1 }, { ...ADA, emailVerified: false }],
    ['a name with 201 characters', { name: 'n'.repeat(201) }, ADA],
    ['a name', { name: ' Ada ' }, { ...ADA, name: 'Ada' }],
  ])('with %s says only that', async (_name, claims, account) => {
    await using providers = open()
    expect(await signIn(providers, { claims })).toEqual(account)
    expect(provider.requests).not.toContain('/userinfo')
  })
})

describe('without an e-mail address in the ID token', () => {
  const claims = { email: undefined, email_verified: undefined }

  test('the UserInfo endpoint is asked', async () => {
    await using providers = open()
    expect(await signIn(providers, { claims })).toEqual(ADA)
  })

  test('there is none if no endpoint has one', async () => {
    await using providers = open()
    const account = { ...ADA, email: null, emailVerified: false }
    expect(await signIn(providers, { claims, person: { email: undefined } })).toEqual(account)
    expect(await signIn(providers, { claims, person: { email: 'a'.repeat(255) } })).toEqual(account)
    await using without = open()
    expect(await signIn(without, { claims, metadata: { userinfo_endpoint: undefined } })).toEqual(account)
  })

  test('an answer about somebody else is refused', async () => {
    await using providers = open()
    expect(await signIn(providers, { claims, person: { sub: 'eve' } })).toContain('unexpected JSON attribute')
    expect(await signIn(providers, { claims, person: { sub: undefined } })).toContain('"sub"')
  })
})

describe('a callback', () => {
  test.each<[string, (query: string) => string, string]>([
    ['of another issuer', (query) => query.replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fother'), '"iss"'],
    ['without the issuer', (query) => query.replace(/&iss=[^&]*/, ''), '"iss"'],
    ['with another state', (query) => query.replace(/state=/, 'state=x'), '"state"'],
    ['with an error', (query) => `${query}&error=access_denied`, 'the provider answered access_denied'],
    ['with a strange error', (query) => `${query}&error=%3Cb%3E`, 'the provider answered an unknown error'],
  ])('%s is refused before a request', async (_name, edit, reason) => {
    await using providers = open()
    expect(await signIn(providers, {}, edit)).toContain(reason)
    expect(provider.requests).toEqual([DISCOVERY])
  })

  test('without the issuer is accepted if the provider does not announce it', async () => {
    await using providers = open()
    const metadata = { authorization_response_iss_parameter_supported: false }
    const withoutIssuer = (query: string) => query.replace(/&iss=[^&]*/, '')
    expect(await signIn(providers, { metadata }, withoutIssuer)).toEqual(ADA)
  })
})

describe('the token endpoint', () => {
  test.each<[string, Misbehaviour, string]>([
    ['that is down', { answers: { '/token': status(503) } }, DOWN],
    ['that is overloaded', { answers: { '/token': status(429) } }, DOWN],
    ['that hangs', { answers: { '/token': stall } }, DOWN],
    ['that ends the connection', { answers: { '/token': (response) => void response.destroy() } }, DOWN],
    ['that sends without end', { answers: { '/token': flood } }, DOWN],
    ['that redirects', { answers: { '/token': status(307, { location: '/token' }) } }, 'status code'],
    ['that answers nothing', { answers: { '/token': status(204) } }, 'status code'],
    ['that refuses the code', { answers: { '/token': status(400) } }, 'content-type'],
    ['that answers HTML', { answers: { '/token': json('<b>') } }, 'parsing error'],
    ['that answers a list', { answers: { '/token': json('[]') } }, 'top level object'],
    ['with another type of token', { tokens: { token_type: 'mac' } }, 'unsupported operation'],
  ])('%s ends the sign-in', async (_name, behaviour, outcome) => {
    await using providers = open({ completionMsMax: behaviour.answers?.['/token'] === stall ? 100 : 10_000 })
    expect(await signIn(providers, behaviour)).toContain(outcome)
  })

  test('never shows its texts in a reason', async () => {
    await using providers = open()
    const echo = json(JSON.stringify({ error: 'secret-text', error_description: 'secret-text' }))
    for (const answer of [echo, json('secret-text'), json('"secret-text"')]) {
      expect(await signIn(providers, { answers: { '/token': answer } })).not.toContain('secret-text')
    }
  })
})

test.each<[string, Misbehaviour, string]>([
  ['is down', { answers: { '/jwks': status(500) } }, DOWN],
  ['sends without end', { answers: { '/jwks': flood } }, DOWN],
  ['redirects', { answers: { '/jwks': status(302, { location: '/jwks2' }) } }, 'status code'],
  ['has no keys', { answers: { '/jwks': json('{"keys":[]}') } }, 'no applicable keys'],
  ['has a key that is no object', { answers: { '/jwks': json('{"keys":[1]}') } }, 'JWK'],
  [
    'has a key that is none',
    { answers: { '/jwks': json('{"keys":[{"kty":"EC","kid":"key-1","crv":"P-256"}]}') } },
    'something went wrong',
  ],
])('no sign-in completes if the key set %s', async (_name, behaviour, outcome) => {
  await using providers = open()
  expect(await signIn(providers, behaviour)).toContain(outcome)
})

test('the key set is read once for several sign-ins', async () => {
  await using providers = open()
  await signIn(providers)
  await signIn(providers)
  expect(provider.requests).toEqual([DISCOVERY, '/token', '/jwks', '/token'])
})

describe('discovery', () => {
  test.each<[string, Misbehaviour]>([
    ['of a server that is down', { answers: { [DISCOVERY]: status(503) } }],
    ['of a server that hangs', { answers: { [DISCOVERY]: stall } }],
    ['of a server that sends without end', { answers: { [DISCOVERY]: flood } }],
    ['of a server that redirects', { answers: { [DISCOVERY]: status(302, { location: DISCOVERY }) } }],
    ['of a server without metadata', { answers: { [DISCOVERY]: status(404) } }],
    ['of no JSON', { answers: { [DISCOVERY]: json('<b>') } }],
    ['of another issuer', { metadata: { issuer: 'https://other.example.com' } }],
    ['of an issuer for each tenant', { metadata: { issuer: 'http://127.0.0.1/{tenantid}' } }],
    ['without a token endpoint', { metadata: { token_endpoint: undefined } }],
    ['without a key set', { metadata: { jwks_uri: 5 } }],
    ['with http:// on another machine', { metadata: { token_endpoint: 'http://192.0.2.1/token' } }],
    ['with a script', { metadata: { authorization_endpoint: 'javascript:alert(1)' } }],
  ])('%s is the answer 503', async (_name, behaviour) => {
    await using providers = open({ discoveryMsMax: behaviour.answers?.[DISCOVERY] === stall ? 100 : 10_000 })
    expect(await signIn(providers, behaviour)).toBe(DOWN)
  })

  test('is shared by sign-ins that begin at the same time, and repeated after an hour', async () => {
    await using providers = open()
    await Promise.all([signIn(providers), providers.begin('hostile'), providers.begin('hostile')])
    expect(provider.requests.filter((path) => path === DISCOVERY)).toHaveLength(1)
    nowMs += 3_599_999
    await providers.begin('hostile')
    expect(provider.requests.filter((path) => path === DISCOVERY)).toHaveLength(1)
    nowMs += 1
    await providers.begin('hostile')
    expect(provider.requests.filter((path) => path === DISCOVERY)).toHaveLength(2)
  })

  test('that failed is repeated after 5 s', async () => {
    await using providers = open()
    expect(await signIn(providers, { answers: { [DISCOVERY]: status(500) } })).toBe(DOWN)
    nowMs += 4_999
    expect(await signIn(providers)).toBe(DOWN)
    nowMs += 1
    expect(await signIn(providers)).toEqual(ADA)
    expect(provider.requests.filter((path) => path === DISCOVERY)).toHaveLength(2)
  })
})

test('metadata that make no sense end the sign-in without an exception', async () => {
  for (const metadata of [
    { id_token_signing_alg_values_supported: 5 },
    { token_endpoint_auth_methods_supported: 5 },
    { userinfo_endpoint: 5 },
    { authorization_response_iss_parameter_supported: 'x' },
  ]) {
    await using providers = open()
    const claims = { email: undefined }
    expect(await signIn(providers, { metadata, claims })).toBeDefined()
  }
})

test('the client authenticates in the body if the provider announces only that', async () => {
  const bodies: string[] = []
  await using server = await listening()
  server.answerWith((request, response) => {
    request.on('data', (chunk: Buffer) =>
      bodies.push(`${request.headers.authorization ?? ''} ${chunk.toString()}`),
    )
    request.on('end', () => response.writeHead(400).end())
  })
  const metadata = { token_endpoint: `${server.origin}/token` }
  for (const methods of [['client_secret_post'], ['client_secret_post', 'client_secret_basic'], undefined]) {
    await using providers = open()
    await signIn(providers, { metadata: { ...metadata, token_endpoint_auth_methods_supported: methods } })
  }
  const secret = provider.settings.clientSecret
  expect(bodies.map((body) => body.includes(`client_secret=${secret}`))).toEqual([true, false, false])
  expect(bodies.map((body) => body.startsWith('Basic '))).toEqual([false, true, true])
})

describe('limits', () => {
  test('completions in progress are limited, and end', async () => {
    await using providers = open({ completionsMax: 1, completionMsMax: 300 })
    const first = signIn(providers, { answers: { '/token': stall } })
    await expect.poll(() => provider.requests).toContain('/token')
    expect(await signIn(providers, { answers: { '/token': stall } })).toBe(DOWN)
    expect(provider.requests.filter((path) => path === '/token')).toHaveLength(1)
    expect(await first).toBe(DOWN)
    expect(await signIn(providers)).toEqual(ADA)
  })

  test('an answer of the largest size is read', async () => {
    const text = JSON.stringify({ keys: [], padding: '' })
    const answers = { '/jwks': json(text.replace('""', `"${'p'.repeat(1000 - text.length)}"`)) }
    await using large = open({ responseBytesMax: 1000 })
    expect(await signIn(large, { answers })).toContain('no applicable keys')
    await using small = open({ responseBytesMax: 999 })
    expect(await signIn(small, { answers })).toBe(DOWN)
  })
})

describe('beside a provider that is down', () => {
  let real: RealProvider
  beforeAll(async () => {
    real = await openRealProvider({ id: 'real', publicUrl: PUBLIC_URL })
  })
  afterAll(async () => await real[Symbol.asyncDispose]())

  test('another one works', async () => {
    const gone = { ...provider.settings, issuer: 'http://127.0.0.1:1' }
    await using providers = new SignInProviders([gone, real.settings], {
      publicUrl: () => PUBLIC_URL,
      monotonicMs: () => nowMs,
    })
    expect(await signIn(providers)).toBe(DOWN)
    expect((await providers.begin('real')).url).toContain(real.settings.issuer)
  })

  test("the response of a hostile provider does not reach another one's token endpoint", async () => {
    await using providers = new SignInProviders([provider.settings, real.settings], {
      publicUrl: () => PUBLIC_URL,
      monotonicMs: () => nowMs,
    })
    // The mix-up of RFC 9700 section 4.4: the browser was sent to the real provider, its code comes back here.
    const { url, kept } = await providers.begin('hostile')
    const query = provider
      .authorize(url)
      .replace(/iss=[^&]*/, `iss=${encodeURIComponent(real.settings.issuer)}`)
    provider.requests.length = 0
    expect((await providers.complete('hostile', query, kept)).ok).toBe(false)
    expect((await providers.complete('real', query, kept)).ok).toBe(false)
    expect(provider.requests).toEqual([])
  })
})
