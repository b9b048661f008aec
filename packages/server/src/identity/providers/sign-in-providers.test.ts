import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestBrowser } from '../testing/browser.ts'
import { openRealProvider, type RealProvider } from '../testing/real-provider.ts'
import { SignInProviders } from './sign-in-providers.ts'

const PUBLIC_URL = 'http://127.0.0.1:65535'
const ADA = { subject: 'ada-1', email: 'ada@example.com', emailVerified: true, name: 'Ada' }

let acme: RealProvider
let globex: RealProvider
let providers: SignInProviders

beforeAll(async () => {
  acme = await openRealProvider({ id: 'acme', publicUrl: PUBLIC_URL })
  globex = await openRealProvider({ id: 'globex', publicUrl: PUBLIC_URL, hasEmailInIdToken: false })
  providers = new SignInProviders([acme.settings, globex.settings], {
    publicUrl: () => PUBLIC_URL,
    monotonicMs: () => performance.now(),
  })
})

afterAll(async () => {
  await providers[Symbol.asyncDispose]()
  await globex[Symbol.asyncDispose]()
  await acme[Symbol.asyncDispose]()
})

const callbackOf = (id: string) => `${PUBLIC_URL}/v1/auth/providers/${id}/callback`

/** Begins a sign-in and goes through the provider with a new browser, up to the callback. */
async function reachCallback(id = 'acme') {
  const { url, kept } = await providers.begin(id)
  const callback = await new TestBrowser().follow(url, callbackOf(id))
  return { callback, kept }
}

test('lists the providers without their secrets', () => {
  expect(providers.list()).toEqual([
    { id: 'acme', name: 'The acme provider' },
    { id: 'globex', name: 'The globex provider' },
  ])
  expect([providers.has('acme'), providers.has('acm')]).toEqual([true, false])
})

test('signs in with the claims of the ID token', async () => {
  acme.signedIn = ADA
  const { callback, kept } = await reachCallback()
  expect(await providers.complete('acme', callback.search, kept)).toEqual({ ok: true, account: ADA })
})

test('asks the UserInfo endpoint for an e-mail address that the ID token does not have', async () => {
  globex.signedIn = ADA
  const { callback, kept } = await reachCallback('globex')
  expect(await providers.complete('globex', callback.search, kept)).toEqual({ ok: true, account: ADA })
})

test.each([
  ['an unverified address', { ...ADA, emailVerified: false }, { ...ADA, emailVerified: false }],
  [
    'an account without address and name',
    { subject: 'ada-1' },
    { subject: 'ada-1', email: null, emailVerified: false, name: null },
  ],
])('reports %s', async (_name, signedIn, account) => {
  acme.signedIn = signedIn
  const { callback, kept } = await reachCallback()
  expect(await providers.complete('acme', callback.search, kept)).toEqual({ ok: true, account })
})

test('begins each sign-in with its own state, nonce and S256 challenge', async () => {
  const begun = [await providers.begin('acme'), await providers.begin('acme')]
  const parameters = begun.map(({ url }) => Object.fromEntries(new URL(url).searchParams))
  expect(parameters[0]).toEqual({
    client_id: acme.settings.clientId,
    response_type: 'code',
    redirect_uri: callbackOf('acme'),
    scope: 'openid email profile',
    state: begun[0]?.kept.state,
    nonce: begun[0]?.kept.nonce,
    code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
    code_challenge_method: 'S256',
  })
  for (const name of ['state', 'nonce', 'code_challenge']) {
    expect([name, parameters[0]?.[name]]).not.toEqual([name, parameters[1]?.[name]])
  }
  // The browser must not learn what only the token endpoint may.
  expect(begun[0]?.url).not.toContain(begun[0]?.kept.verifier)
})

describe('refuses', () => {
  const reasonOf = async (id: string, query: string, kept: Parameters<SignInProviders['complete']>[2]) => {
    const completed = await providers.complete(id, query, kept)
    return completed.ok ? 'completed' : completed.reason
  }

  test('a person who declines', async () => {
    acme.signedIn = null
    const { callback, kept } = await reachCallback()
    expect(await reasonOf('acme', callback.search, kept)).toBe('the provider answered access_denied')
  })

  test.each([
    ['another state', { state: 'other' }],
    ['another nonce', { nonce: 'other' }],
    ['another code verifier', { verifier: 'v'.repeat(43) }],
    ['another provider', { provider: 'globex' }],
  ])('what was begun with %s', async (_name, other) => {
    acme.signedIn = ADA
    const { callback, kept } = await reachCallback()
    expect(await reasonOf('acme', callback.search, { ...kept, ...other })).not.toBe('completed')
  })

  test.each<[string, (query: URLSearchParams) => void]>([
    ['without a state', (query) => query.delete('state')],
    ['with two states', (query) => query.append('state', query.get('state') ?? '')],
    ['without a code', (query) => query.delete('code')],
    ['with two codes', (query) => query.append('code', 'other')],
    ['with another code', (query) => query.set('code', 'other')],
    ['without the issuer', (query) => query.delete('iss')],
    ["with another provider's issuer", (query) => query.set('iss', globex.settings.issuer)],
    ['with an ID token', (query) => query.set('id_token', 'a.b.c')],
    ['of more than 8 KiB', (query) => query.set('more', 'm'.repeat(8192))],
  ])('a callback %s', async (_name, edit) => {
    acme.signedIn = ADA
    const { callback, kept } = await reachCallback()
    edit(callback.searchParams)
    expect(await reasonOf('acme', callback.search, kept)).not.toBe('completed')
  })

  test('a code that was used already', async () => {
    acme.signedIn = ADA
    const { callback, kept } = await reachCallback()
    expect(await reasonOf('acme', callback.search, kept)).toBe('completed')
    expect(await reasonOf('acme', callback.search, kept)).toBe('the provider answered invalid_grant')
  })

  test("one provider's response at another one's callback", async () => {
    acme.signedIn = ADA
    globex.signedIn = ADA
    const ofAcme = await reachCallback('acme')
    const ofGlobex = await reachCallback('globex')
    expect(await reasonOf('globex', ofAcme.callback.search, ofAcme.kept)).not.toBe('completed')
    expect(await reasonOf('globex', ofAcme.callback.search, ofGlobex.kept)).not.toBe('completed')
    expect(await reasonOf('globex', ofGlobex.callback.search, ofGlobex.kept)).toBe('completed')
  })

  test('nothing that a wrong client secret could complete', async () => {
    acme.signedIn = ADA
    await using other = new SignInProviders([{ ...acme.settings, clientSecret: 'wrong' }], {
      publicUrl: () => PUBLIC_URL,
      monotonicMs: () => performance.now(),
    })
    const { url, kept } = await other.begin('acme')
    const callback = await new TestBrowser().follow(url, callbackOf('acme'))
    const completed = await other.complete('acme', callback.search, kept)
    expect(completed).toEqual({ ok: false, reason: "the provider refused the client's credentials" })
  })
})
