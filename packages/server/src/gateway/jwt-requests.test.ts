import { randomBytes } from 'node:crypto'
import type { ConsumerRecord, FeedRecord } from '@sallyport/core'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startIssuer, type StartedIssuer } from '../../../../test/support/issuer.ts'
import { startEchoUpstream } from '../../../../test/support/upstream.ts'
import { hashPassword } from '../crypto/password-hash.ts'
import { issuer, makeSigner, makeSigningKey } from './testing/signing-keys.ts'
import {
  ACME,
  deployment,
  makeKey,
  OPEN,
  proxyTo,
  startWith,
  type StartedGateway,
} from './testing/started-gateway.ts'

const [own, ofTest, foreign, newer, passwordHash] = await Promise.all([
  makeSigningKey(),
  makeSigningKey({ environment: 'test' }),
  makeSigner('idp-1'),
  makeSigner('idp-2'),
  hashPassword('open sesame', randomBytes),
])
const upstream = await startEchoUpstream()
afterAll(() => upstream[Symbol.asyncDispose]())

const consumer: ConsumerRecord = {
  kind: 'consumer',
  organization: 'acme',
  id: 'con_mobile',
  name: 'mobile-app',
  environment: 'prod',
  active: true,
  pipelines: ['jwt', 'both', 'basic', 'echo'],
}
const other: ConsumerRecord = { ...consumer, id: 'con_other', name: 'other' }
const key = makeKey({ consumer: consumer.id, environment: 'prod', roles: [] })
const otherKey = makeKey({ consumer: other.id, environment: 'prod', roles: [] })
const machine = makeKey()
const JWT = { ...OPEN, jwt: true }
const FOREIGN = { iss: 'https://idp.example', aud: 'orders' }

let idp: StartedIssuer
let started: StartedGateway
let skewMs = 0

beforeEach(async () => {
  idp = await startIssuer(foreign.publicJwk)
  skewMs = 0
  started = await startWith(
    [
      ...ACME,
      consumer,
      other,
      key.record,
      otherKey.record,
      machine.record,
      own.record,
      ofTest.record,
      issuer({ jwksUrl: idp.jwksUrl }),
      deployment({ paths: ['/jwt'], authentication: JWT }, undefined, { pipeline: 'jwt' }),
      deployment({ paths: ['/both'], authentication: { ...JWT, apiKey: true } }, undefined, {
        pipeline: 'both',
      }),
      deployment({ paths: ['/basic'], authentication: { ...JWT, basic: true } }, undefined, {
        pipeline: 'basic',
      }),
      {
        kind: 'basic-credential',
        organization: 'acme',
        environment: 'prod',
        id: 'bas_1',
        username: 'mobile',
        consumer: consumer.id,
        passwordHash,
      },
      deployment({ paths: ['/echo'], authentication: JWT }, proxyTo(`${upstream.url}/up`), {
        pipeline: 'echo',
      }),
    ],
    { nowMs: () => Date.now() + skewMs },
  )
})
afterEach(async () => {
  await started.gateway.close(0)
  await idp[Symbol.asyncDispose]()
})

async function call(path: string, headers: Record<string, string>): Promise<string> {
  const answer = await fetch(`${started.url}/acme/prod${path}`, { headers })
  await answer.bytes()
  // The authorization endpoint gives the same verdict.
  const asked = { 'x-original-method': 'GET', 'x-original-url': `/acme/prod${path}`, ...headers }
  const decided = await fetch(`${started.url}/authz`, { headers: asked })
  const verdict = `${answer.status} ${answer.headers.get('x-sallyport-code') ?? ''}`.trim()
  expect(`${decided.status} ${decided.headers.get('x-sallyport-code') ?? ''}`.trim()).toBe(verdict)
  return verdict
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const removed = (of: 'issuer' | 'consumer' | 'signing-key', id: string): FeedRecord => ({
  kind: 'removed',
  of,
  organization: 'acme',
  id,
})

describe('A JWT of the environment', () => {
  test('admits its consumer, alone or with a key of the same consumer', async () => {
    const token = await own.sign({ azp: consumer.id })
    expect(await call('/jwt', bearer(token))).toBe('200')
    expect(await call('/both', { ...bearer(token), 'x-api-key': key.token })).toBe('200')
    expect(await call('/both', { 'x-access-token': token, ...bearer(key.token) })).toBe('200')
    expect(await call('/both', { ...bearer(token), 'x-api-key': otherKey.token })).toBe(
      '403 token_wrong_consumer',
    )
    expect(await call('/both', bearer(key.token))).toBe('401 token_missing')
    expect(await call('/both', bearer(token))).toBe('401 credential_missing')
  })

  test('works together with a password of the same consumer in `Authorization`', async () => {
    const basic = { authorization: `Basic ${Buffer.from('mobile:open sesame').toString('base64')}` }
    const token = await own.sign({ azp: consumer.id })
    expect(await call('/basic', { ...basic, 'x-access-token': token })).toBe('200')
    expect(await call('/basic', basic)).toBe('401 token_missing')
    expect(await call('/basic', { 'x-access-token': token })).toBe('401 basic_invalid')
    const others = await own.sign({ azp: other.id })
    expect(await call('/basic', { ...basic, 'x-access-token': others })).toBe('403 token_wrong_consumer')
  })

  test.each([
    ['in both headers', (token: string) => ({ ...bearer(token), 'x-access-token': token })],
    ['empty in one of the headers', (token: string) => ({ ...bearer(token), 'x-access-token': '' })],
    ['twice', (token: string) => ({ 'x-access-token': `${token}, ${token}` })],
  ])('%s is ambiguous', async (_name, headers) => {
    expect(await call('/jwt', headers(await own.sign({ azp: consumer.id })))).toBe('401 credential_ambiguous')
  })

  test('is removed, and the upstream receives its claims', async () => {
    const token = await own.sign({ azp: consumer.id, scope: 'orders:read' })
    const answer = await fetch(`${started.url}/acme/prod/echo`, { headers: { 'x-access-token': token } })
    const { headers } = (await answer.json()) as { headers: Record<string, string> }
    expect(JSON.stringify(headers)).not.toContain(token)
    expect(headers).toMatchObject({ 'x-sallyport-consumer': 'mobile-app', 'x-sallyport-key': '-' })
    const decided = await fetch(`${started.url}/authz/acme/prod/echo`, {
      headers: { 'x-access-token': token },
    })
    expect(decided.headers.get('x-sallyport-claims')).toBe(headers['x-sallyport-claims'])
    const claims = Buffer.from(headers['x-sallyport-claims'] ?? '', 'base64url').toString()
    expect(JSON.parse(claims)).toMatchObject({ azp: consumer.id, scope: 'orders:read' })
  })

  test('is refused once its consumer is removed, on the next request', async () => {
    const token = await own.sign({ azp: consumer.id })
    expect(await call('/jwt', bearer(token))).toBe('200')
    started.apply([{ ...consumer, active: false }])
    expect(await call('/jwt', bearer(token))).toBe('401 token_invalid')
    started.apply([consumer])
    expect(await call('/jwt', bearer(token))).toBe('200')
    started.apply([removed('consumer', consumer.id)])
    expect(await call('/jwt', bearer(token))).toBe('401 token_invalid')
  })

  test('is refused once the key that it was minted for is removed, on the next request', async () => {
    const token = await own.sign({ azp: machine.record.id })
    expect(await call('/jwt', bearer(token))).toBe('200')
    for (const fields of [{ active: false }, { deleted: true }, { expiresAtMs: Date.now() - 1 }]) {
      started.apply([{ ...machine.record, ...fields }])
      expect(await call('/jwt', bearer(token))).toBe('401 token_invalid')
    }
    started.apply([machine.record])
    expect(await call('/jwt', bearer(token))).toBe('200')
    started.apply([{ ...machine.record, addressRules: ['198.51.100.0/24'] }])
    expect(await call('/jwt', bearer(token))).toBe('403 address_not_allowed')
  })

  test('is refused once its login key is removed, on the next request', async () => {
    const token = await own.sign({ azp: consumer.id, sallyport_key: key.record.id })
    const basic = { authorization: `Basic ${Buffer.from('mobile:open sesame').toString('base64')}` }
    expect(await call('/jwt', bearer(token))).toBe('200')
    expect(await call('/basic', { ...basic, 'x-access-token': token })).toBe('200')
    started.apply([{ ...key.record, deleted: true }])
    expect(await call('/jwt', bearer(token))).toBe('401 token_invalid')
    expect(await call('/basic', { ...basic, 'x-access-token': token })).toBe('401 token_invalid')
    expect(await call('/jwt', bearer(await own.sign({ azp: consumer.id })))).toBe('200')
  })

  test("gives the upstream its login key, which an issuer's token does not have", async () => {
    const keySeen = async (token: string): Promise<unknown> => {
      const answer = await fetch(`${started.url}/acme/prod/echo`, { headers: bearer(token) })
      const { headers } = (await answer.json()) as { headers: Record<string, string> }
      return [headers['x-sallyport-consumer'], headers['x-sallyport-key']]
    }
    const claims = { sallyport_key: key.record.id }
    expect(await keySeen(await own.sign({ azp: consumer.id, ...claims }))).toEqual([
      'mobile-app',
      key.record.id,
    ])
    expect(await keySeen(await foreign.sign({ ...FOREIGN, ...claims }))).toEqual(['-', '-'])
  })

  test('is refused after its `exp`, and once its signing key is removed', async () => {
    const token = await own.sign({ azp: consumer.id })
    expect(await call('/jwt', bearer(token))).toBe('200')
    skewMs = 631_000
    expect(await call('/jwt', bearer(token))).toBe('401 token_expired')
    skewMs = 0
    started.apply([removed('signing-key', own.record.id)])
    expect(await call('/jwt', bearer(token))).toBe('401 token_invalid')
  })

  test('of another environment is invalid', async () => {
    const token = await ofTest.sign({ azp: consumer.id })
    expect(await call('/jwt', bearer(token))).toBe('401 token_invalid')
  })
})

describe('A JWT of a trusted issuer', () => {
  test("is admitted, and the issuer's keys are fetched once", async () => {
    const token = await foreign.sign(FOREIGN)
    for (let times = 0; times < 5; times += 1) expect(await call('/jwt', bearer(token))).toBe('200')
    expect(await call('/jwt', bearer(await foreign.sign(FOREIGN)))).toBe('200')
    expect(idp.requests).toBe(1)
  })

  test('is rate-limited by its subject and not by a shared address', async () => {
    const limit = { requests: 1, per: 'day', by: 'consumer' } as const
    started.apply([
      deployment({ paths: ['/jwt'], authentication: JWT, rateLimits: [limit] }, undefined, {
        pipeline: 'jwt',
      }),
    ])
    const answer = async (sub: string): Promise<number> => {
      const headers = bearer(await foreign.sign({ ...FOREIGN, sub }))
      return (await fetch(`${started.url}/acme/prod/jwt`, { headers })).status
    }
    expect([await answer('ann'), await answer('bob'), await answer('ann')]).toEqual([200, 200, 429])
  })

  test('is refused at once when the issuer is removed', async () => {
    const token = await foreign.sign(FOREIGN)
    expect(await call('/jwt', bearer(token))).toBe('200')
    started.apply([removed('issuer', 'iss_1')])
    expect(await call('/jwt', bearer(token))).toBe('401 token_invalid')
  })

  test("stays valid while the issuer is down, and follows the issuer's key rotation", async () => {
    expect(await call('/jwt', bearer(await foreign.sign(FOREIGN)))).toBe('200')
    idp.answerWith((response) => response.destroy())
    skewMs = 300_000
    expect(await call('/jwt', bearer(await foreign.sign(FOREIGN)))).toBe('200')
    const rotated = await newer.sign(FOREIGN)
    expect(await call('/jwt', bearer(rotated))).toBe('503 unavailable')
    idp.publish(newer.publicJwk)
    skewMs += 10_000
    expect(await call('/jwt', bearer(rotated))).toBe('200')
    expect(await call('/jwt', bearer(await foreign.sign(FOREIGN)))).toBe('401 token_invalid')
  })

  test('that cannot be verified gives 503, never 401, without an immediate second fetch', async () => {
    idp.answerWith((response) => response.destroy())
    const token = await foreign.sign(FOREIGN)
    for (let times = 0; times < 5; times += 1)
      expect(await call('/jwt', bearer(token))).toBe('503 unavailable')
    expect(idp.requests).toBe(1)
    const nginx = await fetch(`${started.url}/authz`, {
      headers: {
        'x-original-method': 'GET',
        'x-original-url': '/acme/prod/jwt',
        'x-sallyport-mode': 'nginx',
        ...bearer(token),
      },
    })
    expect([nginx.status, nginx.headers.get('x-sallyport-code')]).toEqual([403, 'unavailable'])
    expect(started.log.join('')).not.toContain(token)
    expect(started.log.filter((line) => line.includes('cannot be fetched'))).toHaveLength(1)
  })

  test('causes one fetch during a flood of forged tokens', async () => {
    await call('/jwt', bearer(await foreign.sign(FOREIGN)))
    const forged = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => (await makeSigner(`forged-${index}`)).sign(FOREIGN)),
    )
    skewMs = 30_000
    const verdicts = await Promise.all(forged.map((token) => call('/jwt', bearer(token))))
    expect(new Set(verdicts)).toEqual(new Set(['401 token_invalid']))
    expect(idp.requests).toBe(2)
  })
})
