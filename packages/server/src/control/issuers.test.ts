import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ACME, bearer, openAcme, textOf } from './testing/control-world.ts'

const ISSUERS = `${ACME}/environments/test/issuers`
const BY_URL = {
  issuer: 'https://idp.example.com/',
  audience: ['https://api.example.com', 'orders'],
  jwksUrl: 'https://idp.example.com/.well-known/jwks.json',
}

/** Key pairs as JWKs. */
function pair(kind: 'ed25519' | 'ec' | 'rsa', bits = 2048) {
  const made =
    kind === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : kind === 'ec'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: bits })
  return {
    open: made.publicKey.export({ format: 'jwk' }) as Record<string, unknown>,
    whole: made.privateKey.export({ format: 'jwk' }) as Record<string, unknown>,
  }
}

const ED = pair('ed25519')
const EC = pair('ec')
const RSA = pair('rsa')
const pasted = (...keys: readonly unknown[]) => ({ ...BY_URL, jwksUrl: undefined, jwks: { keys } })

test('accepts a single audience as text', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', ISSUERS, { ...BY_URL, audience: 'orders' })
  expect(made).toMatchObject({ status: 201, body: { audience: ['orders'] } })
})

test('creates, lists, reads and removes an issuer; gateways know at once', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', ISSUERS, BY_URL)
  const id = textOf(made.body['id'])
  const facts = {
    ...BY_URL,
    id: expect.stringMatching(/^iss_[0-9A-Za-z]{16}$/) as string,
    jwks: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    createdBy: expect.stringMatching(/^key_/) as string,
  }
  expect(made.status).toBe(201)
  expect(made.body).toEqual(facts)
  expect(world.cell.current.environment('acme', 'test')?.issuers.get(id)).toMatchObject({
    issuer: BY_URL.issuer,
    audiences: BY_URL.audience,
    jwksUrl: BY_URL.jwksUrl,
  })
  expect((await world.own('GET', `${ISSUERS}/${id}`)).body).toEqual(facts)
  expect((await world.own('GET', ISSUERS)).body).toEqual({ items: [facts], next: null })
  // The other environment can neither read nor remove it.
  const elsewhere = `${ACME}/environments/prod/issuers`
  expect((await world.own('GET', `${elsewhere}/${id}`)).status).toBe(404)
  expect((await world.own('DELETE', `${elsewhere}/${id}`)).status).toBe(404)
  expect((await world.own('GET', elsewhere)).body).toEqual({ items: [], next: null })

  const again = await world.own('POST', ISSUERS, { ...BY_URL, audience: ['other'] })
  expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect((await world.own('POST', elsewhere, BY_URL)).status).toBe(201)

  const removed = await world.own('DELETE', `${ISSUERS}/${id}?wait=1`)
  expect(removed).toMatchObject({ status: 200, body: { receipt: { confirmed: true } } })
  expect(world.cell.current.environment('acme', 'test')?.issuers.size).toBe(0)
  expect((await world.own('GET', `${ISSUERS}/${id}`)).status).toBe(404)
  expect((await world.own('DELETE', `${ISSUERS}/${id}`)).status).toBe(404)
})

test('stores only the needed members of pasted keys', async () => {
  await using world = await openAcme()
  const keys = [
    { ...ED.open, kid: 'a', use: 'sig', key_ops: ['verify'] },
    { ...EC.open, kid: 'b', alg: 'ES256', x5c: ['MIIB'], issuer: 'https://idp.example.com/' },
    { ...RSA.open, kid: 'c', alg: 'PS256' },
  ]
  const made = await world.own('POST', ISSUERS, {
    ...BY_URL,
    jwksUrl: null,
    jwks: { keys, published: 'today' },
  })
  const kept = {
    keys: [
      { ...ED.open, kid: 'a', use: 'sig' },
      { ...EC.open, kid: 'b', alg: 'ES256' },
      { ...RSA.open, kid: 'c', alg: 'PS256' },
    ],
  }
  expect(made).toMatchObject({ status: 201, body: { jwksUrl: null } })
  expect(made.body['jwks']).toEqual(kept)
  const record = world.cell.current.environment('acme', 'test')?.issuers.get(textOf(made.body['id']))
  expect(record?.jwks).toEqual(kept)
})

test('lists every unusable pasted key, and neither repeats nor stores a private key', async () => {
  await using world = await openAcme()
  const hidden = 'c2VjcmV0LWNhbmFyeS1zZWNyZXQtY2FuYXJ5LXNlY3JldA'
  const answer = await world.own(
    'POST',
    ISSUERS,
    pasted(
      ED.open,
      ED.whole,
      { kty: 'oct', k: hidden, alg: 'HS256' },
      { ...RSA.open, d: hidden },
      { ...RSA.open, alg: 'none' },
      { ...EC.open, alg: 'RS256' },
      { ...ED.open, use: 'enc' },
      { ...EC.open, y: EC.open['x'] },
      pair('rsa', 1024).open,
      { ...ED.open, kid: 'x'.repeat(501) },
      {},
    ),
  )
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  expect(answer.body['errors']).toEqual(
    [
      [1, 'it contains a private or symmetric key'],
      [2, 'it contains a private or symmetric key'],
      [3, 'it contains a private or symmetric key'],
      [4, 'its "alg" is not supported, or does not match its "kty" and "crv"'],
      [5, 'its "alg" is not supported, or does not match its "kty" and "crv"'],
      [6, 'its "use" is not "sig"'],
      [7, 'its numbers do not form a valid key'],
      [8, 'it has fewer than 2048 bits'],
      [9, 'its "kid" has more than 500 characters'],
      [10, 'its "alg" is not supported, or does not match its "kty" and "crv"'],
    ].map(([index, reason]) => ({
      path: `/jwks/keys/${index}`,
      message: `The key cannot be used: ${reason}.`,
    })),
  )
  const contested = await world.own(
    'POST',
    ISSUERS,
    pasted({ ...ED.open, kid: 'a' }, { ...pair('ed25519').open, kid: 'a' }),
  )
  expect(contested).toMatchObject({ status: 400, body: { errors: [{ path: '/jwks/keys' }] } })
  expect((await world.own('GET', ISSUERS)).body['items']).toEqual([])
  const told = JSON.stringify([answer, contested]) + world.log()
  for (const secret of [hidden, textOf(ED.whole['d'] as never)]) expect(told).not.toContain(secret)
})

describe('rejects, with the JSON Pointer:', () => {
  test.each<[string, unknown, string]>([
    ['no issuer', { ...BY_URL, issuer: undefined }, '/issuer'],
    ['an empty issuer', { ...BY_URL, issuer: '' }, '/issuer'],
    ['an issuer too long', { ...BY_URL, issuer: 'x'.repeat(501) }, '/issuer'],
    ['an issuer with a line break', { ...BY_URL, issuer: 'a\nb' }, '/issuer'],
    ['an issuer with a colon that is no URI', { ...BY_URL, issuer: 'not a uri: really' }, '/issuer'],
    ['an environment of our own', { ...BY_URL, issuer: 'urn:sallyport:acme:prod' }, '/issuer'],
    ['the same in capitals', { ...BY_URL, issuer: 'URN:Sallyport:acme:prod' }, '/issuer'],
    ['no audience', { ...BY_URL, audience: [] }, '/audience'],
    ['an empty text for an audience', { ...BY_URL, audience: '' }, '/audience'],
    ['an empty audience', { ...BY_URL, audience: ['a', ''] }, '/audience/1'],
    ['an audience twice', { ...BY_URL, audience: ['a', 'b', 'a'] }, '/audience/2'],
    [
      'too many audiences',
      { ...BY_URL, audience: Array.from({ length: 21 }, (_unused, index) => `a${index}`) },
      '/audience',
    ],
    ['neither URL nor keys', { ...BY_URL, jwksUrl: undefined }, '/jwksUrl'],
    ['both', { ...BY_URL, jwks: { keys: [ED.open] } }, '/jwks'],
    ['a URL of plain HTTP', { ...BY_URL, jwksUrl: 'http://idp.example.com/jwks' }, '/jwksUrl'],
    ['no keys', pasted(), '/jwks/keys'],
    ['too many keys', pasted(...Array.from({ length: 65 }, () => ED.open)), '/jwks/keys'],
    ['keys that are none', pasted('key'), '/jwks/keys/0'],
    ['an unknown field', { ...BY_URL, jwksUri: 'x' }, '/jwksUri'],
  ])('%s', async (_name, body, path) => {
    await using world = await openAcme()
    const answer = await world.own('POST', ISSUERS, body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path }] } })
    expect((await world.own('GET', ISSUERS)).body['items']).toEqual([])
  })

  test.each([
    ['a name', 'accounts.example.com'],
    ['a URN', 'urn:example:idp'],
    ['a URN whose beginning is like ours', 'urn:sallyports:acme:prod'],
    ['as long as it may be', 'x'.repeat(500)],
  ])('an issuer that is %s', async (_name, issuer) => {
    await using world = await openAcme()
    expect((await world.own('POST', ISSUERS, { ...BY_URL, issuer })).status).toBe(201)
  })
})

test('an environment trusts at most 20 issuers', async () => {
  await using world = await openAcme()
  for (let index = 0; index < 20; index += 1) {
    const answer = await world.own('POST', ISSUERS, { ...BY_URL, issuer: `idp-${index}` })
    expect(answer.status).toBe(201)
  }
  const more = await world.own('POST', ISSUERS, { ...BY_URL, issuer: 'idp-20' })
  expect(more).toMatchObject({ status: 409, body: { code: 'conflict' } })
  const first = await world.own('GET', `${ISSUERS}?limit=15`)
  const second = await world.own('GET', `${ISSUERS}?limit=15&cursor=${textOf(first.body['next'])}`)
  expect(second.body['items']).toHaveLength(5)
})

test('enforces the permissions per environment', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', ISSUERS, BY_URL)
  const one = `${ISSUERS}/${textOf(made.body['id'])}`
  const withRoles = async (roles: readonly string[], environment?: string) => {
    const key = { name: 'x', type: 'secret', roles, environment }
    return bearer((await world.own('POST', `${ACME}/keys`, key)).body['token'])
  }
  const rival = bearer(
    (await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })).body['token'],
  )
  const statuses = async (headers: Record<string, string>) => [
    (await world.call('GET', ISSUERS, undefined, headers)).status,
    (await world.call('GET', one, undefined, headers)).status,
    (await world.call('POST', ISSUERS, { ...BY_URL, issuer: 'mine' }, headers)).status,
    (await world.call('DELETE', one, undefined, headers)).status,
  ]
  expect(await statuses({})).toEqual([401, 401, 401, 401])
  expect(await statuses(rival)).toEqual([404, 404, 404, 404])
  expect(await statuses(await withRoles(['developer']))).toEqual([403, 403, 403, 403])
  expect(await statuses(await withRoles(['auditor']))).toEqual([200, 200, 403, 403])
  expect(await statuses(await withRoles(['admin'], 'prod'))).toEqual([404, 404, 404, 404])
  expect((await world.own('GET', ISSUERS)).body['items']).toHaveLength(1)
  expect(await statuses(await withRoles(['admin'], 'test'))).toEqual([200, 200, 201, 200])
})
