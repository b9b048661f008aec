import { randomBytes } from 'node:crypto'
import type { ConsumerRecord, FeedRecord, KeyId, KeyRecord } from '@sallyport/core'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { hashPassword } from '../crypto/password-hash.ts'
import { RawConnection } from './testing/raw-connection.ts'
import { makeSigningKey } from './testing/signing-keys.ts'
import { ACME, deployment, makeKey, OPEN, startWith } from './testing/started-gateway.ts'
import { generate, pipeline, respondWith, transform } from './testing/step-fixtures.ts'

const PIPELINES = ['by-key', 'by-basic', 'by-password', 'refresh', 'use', 'decode']
const consumer: ConsumerRecord = {
  kind: 'consumer',
  organization: 'acme',
  id: 'con_app',
  name: 'app',
  environment: 'prod',
  active: true,
  pipelines: PIPELINES,
}
const credential: FeedRecord = {
  kind: 'basic-credential',
  organization: 'acme',
  environment: 'prod',
  id: 'bas_app',
  username: 'app',
  consumer: 'con_app',
  passwordHash: await hashPassword('open sesame', randomBytes),
}
const signingKey = await makeSigningKey()
const mine = makeKey({ consumer: 'con_app', environment: 'prod', roles: [] })
const own = makeKey()
const partner = makeKey({ organization: 'partner', roles: [] })
const theirs = makeKey({ organization: 'partner', consumer: 'con_theirs', roles: [] })
const external = (id: string, keyId: KeyId): FeedRecord => ({
  kind: 'external-key',
  organization: 'acme',
  id,
  keyId,
  roles: ['invoker'],
  active: true,
  addressRules: [],
  rateLimits: [],
})
const post = { methods: ['POST'] }
const RECORDS: readonly FeedRecord[] = [
  ...ACME,
  { kind: 'organization', slug: 'partner' },
  consumer,
  credential,
  signingKey.record,
  mine.record,
  own.record,
  partner.record,
  external('ext_1', partner.record.id),
  { ...consumer, organization: 'partner', id: 'con_theirs' },
  theirs.record,
  external('ext_2', theirs.record.id),
  pipeline('by-key', generate('"u"'), { ...post, authentication: { ...OPEN, apiKey: true } }),
  pipeline('by-basic', generate('"u"'), { ...post, authentication: { ...OPEN, basic: true } }),
  pipeline(
    'by-password',
    [{ kind: 'credentials.verify', username: 'body.username', password: 'body.password' }, generate('"u"')],
    { ...post, kind: 'rest' },
  ),
  pipeline('refresh', generate('"u"'), { ...post, authentication: { ...OPEN, jwt: true } }),
  pipeline('decode', [{ kind: 'jwt.decode', token: 'body.token' }, transform({ body: '"decoded"' })], {
    ...post,
    kind: 'rest',
  }),
  deployment({ paths: ['/use'], authentication: { ...OPEN, jwt: true } }, respondWith({ status: 200 }), {
    pipeline: 'use',
  }),
]

const started = await startWith(RECORDS)
afterAll(async () => await started[Symbol.asyncDispose]())
beforeEach(async () => await started.load(RECORDS))

function send(path: string, headers: Record<string, string>, body?: unknown): Promise<Response> {
  return fetch(`${started.url}/acme/prod/${path}`, {
    method: 'POST',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function tokenOf(answer: Promise<Response>): Promise<string> {
  return ((await (await answer).json()) as { access_token: string }).access_token
}

async function use(token: string): Promise<string> {
  const answer = await fetch(`${started.url}/acme/prod/use`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return answer.status === 200 ? 'allow' : (answer.headers.get('x-sallyport-code') ?? '')
}

async function decoded(token: string): Promise<string> {
  const answer = await send('decode', {}, { token })
  return answer.status === 200 ? 'allow' : (answer.headers.get('x-sallyport-code') ?? '')
}

/** The key after a roll whose grace ends at the given time. */
function rolled(key: KeyRecord, endsAtMs: number | null, next = Date.now()): KeyRecord {
  const [first] = key.secrets
  if (first === undefined) throw new Error('the key has no secret')
  const second = { sequence: 2, digest: '0'.repeat(64), expiresAtMs: endsAtMs === null ? next : null }
  return { ...key, secrets: [{ ...first, expiresAtMs: endsAtMs }, second] }
}

describe('A JWT ends with the secret that logged in', () => {
  test.each([
    ["a consumer's key", mine],
    ["the organization's own key", own],
    ["another organization's key", partner],
    ["a key of another organization's consumer", theirs],
  ])('of %s', async (_name, { record, token: secret }) => {
    const token = await tokenOf(send('by-key', { 'x-api-key': secret }))
    const refreshed = await tokenOf(send('refresh', { authorization: `Bearer ${token}` }))
    const later = Date.now() + 60_000
    for (const each of [token, refreshed]) {
      started.apply([rolled(record, later)])
      expect([await use(each), await decoded(each)]).toEqual(['allow', 'allow'])
      // Rolled without grace, or the roll was finished.
      started.apply([rolled(record, Date.now())])
      expect([await use(each), await decoded(each)]).toEqual(['token_invalid', 'token_invalid'])
      // The roll was undone: the other secret ended.
      started.apply([rolled(record, null)])
      expect([await use(each), await decoded(each)]).toEqual(['allow', 'allow'])
      // Displaced by later rolls.
      const [, second] = rolled(record, later).secrets
      started.apply([{ ...record, secrets: second === undefined ? [] : [second] }])
      expect([await use(each), await decoded(each)]).toEqual(['token_invalid', 'token_invalid'])
    }
  })

  test('and one without the claim ends when its key is rolled', async () => {
    for (const claims of [{ azp: 'con_app', sallyport_key: mine.record.id }, { azp: own.record.id }]) {
      const { record } = 'sallyport_key' in claims ? mine : own
      const iat = Math.floor(Date.now() / 1000) - 3600
      const token = await signingKey.sign({ ...claims, iat })
      expect(await use(token)).toBe('allow')
      // The last roll was over long before the token was issued.
      started.apply([rolled(record, iat * 1000 - 3_600_000)])
      expect(await use(token)).toBe('allow')
      started.apply([rolled(record, Date.now() + 60_000)])
      expect(await use(token)).toBe('allow')
      started.apply([rolled(record, Date.now())])
      expect(await use(token)).toBe('token_invalid')
    }
  })

  test.each(['1', 0, -1, 1.5, true, null, [1], Number.MAX_VALUE])(
    'and is invalid with the secret %j',
    async (secret) => {
      const claims = { azp: 'con_app', sallyport_key: mine.record.id }
      expect(await use(await signingKey.sign({ ...claims, sallyport_secret: 1 }))).toBe('allow')
      expect(await use(await signingKey.sign({ ...claims, sallyport_secret: secret }))).toBe('token_invalid')
    },
  )
})

describe('A JWT ends with the password that logged in', () => {
  test.each([
    ['by Basic credentials', 'by-basic'],
    ['by a step', 'by-password'],
  ])('%s', async (_name, path) => {
    const authorization = `Basic ${Buffer.from('app:open sesame').toString('base64')}`
    const body = { username: 'app', password: 'open sesame' }
    const token = await tokenOf(path === 'by-basic' ? send(path, { authorization }) : send(path, {}, body))
    const refreshed = await tokenOf(send('refresh', { authorization: `Bearer ${token}` }))
    expect([await use(token), await use(refreshed), await decoded(token)]).toEqual([
      'allow',
      'allow',
      'allow',
    ])
    started.apply([{ kind: 'removed', of: 'basic-credential', organization: 'acme', id: 'bas_app' }])
    expect([await use(token), await use(refreshed), await decoded(token)]).toEqual([
      'token_invalid',
      'token_invalid',
      'token_invalid',
    ])
    // A new credential with the same username and password is another login.
    started.apply([{ ...credential, id: 'bas_new' }])
    expect(await use(token)).toBe('token_invalid')
  })

  test.each([1, null, ['bas_app']])('and is invalid with the credential %j', async (id) => {
    const token = await signingKey.sign({ azp: 'con_app', sallyport_credential: id })
    expect(await use(token)).toBe('token_invalid')
  })
})

describe('A run whose caller holds its body back', () => {
  async function heldBack(path: string, body: string): Promise<[RawConnection, () => void]> {
    const caller = await RawConnection.open(started.gateway.port)
    caller.send(
      `POST /acme/prod/${path} HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n` +
        `Content-Length: ${body.length}\r\n\r\n`,
    )
    await caller.until('100 Continue\r\n\r\n')
    return [caller, () => caller.send(body)]
  }

  test('cannot log in with a password that was removed meanwhile', async () => {
    const [caller, sendBody] = await heldBack(
      'by-password',
      JSON.stringify({ username: 'app', password: 'open sesame' }),
    )
    await using _ = caller
    started.apply([{ kind: 'removed', of: 'basic-credential', organization: 'acme', id: 'bas_app' }])
    sendBody()
    expect(await caller.until('basic_invalid')).toContain('HTTP/1.1 401')
  })

  test('cannot decode a JWT whose key was deleted meanwhile', async () => {
    const token = await tokenOf(send('by-key', { 'x-api-key': mine.token }))
    const [caller, sendBody] = await heldBack('decode', JSON.stringify({ token }))
    await using _ = caller
    started.apply([{ ...mine.record, deleted: true }])
    sendBody()
    expect(await caller.until('token_invalid')).toContain('HTTP/1.1 401')
  })
})
