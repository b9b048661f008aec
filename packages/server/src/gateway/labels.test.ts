import { randomBytes } from 'node:crypto'
import type { ConsumerRecord, FeedRecord } from '@sallyport/core'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startEchoUpstream, startUpstream } from '../../../../test/support/upstream.ts'
import { hashPassword } from '../crypto/password-hash.ts'
import { ACME, deployment, makeKey, OPEN, proxyTo, startWith } from './testing/started-gateway.ts'
import { makeSigningKey } from './testing/signing-keys.ts'
import { callTo, transform } from './testing/step-fixtures.ts'

const BASIC = { ...OPEN, basic: true }
const JWT = { ...OPEN, jwt: true }
const SENT = { sendLabels: true }
const PIPELINES = ['sent', 'unsent', 'called', 'seen', 'basic', 'jwt']

const consumer: ConsumerRecord = {
  kind: 'consumer',
  organization: 'acme',
  id: 'con_app',
  name: 'app',
  environment: 'prod',
  active: true,
  pipelines: PIPELINES,
  labels: { team: 'payments', tier: 'free' },
}
const ofConsumer = makeKey({
  consumer: 'con_app',
  environment: 'prod',
  roles: [],
  labels: { tier: 'go,ld =é', app: '' },
})
const labelled = makeKey({ labels: { team: 'x' } })
const plain = makeKey()
const theirs = makeKey({
  organization: 'partner',
  consumer: 'con_theirs',
  roles: [],
  labels: { tier: 'gold' },
})
const signingKey = await makeSigningKey()
const upstream = await startEchoUpstream()
const forging = await startUpstream((_request, response) => {
  response.writeHead(200, { 'x-sallyport-labels': 'tier=gold' }).end()
})

const RECORDS: readonly FeedRecord[] = [
  ...ACME,
  { kind: 'organization', slug: 'partner' },
  consumer,
  ofConsumer.record,
  labelled.record,
  plain.record,
  { ...consumer, organization: 'partner', id: 'con_theirs', labels: { tier: 'platinum' } },
  theirs.record,
  {
    kind: 'external-key',
    organization: 'acme',
    id: 'ext_1',
    keyId: theirs.record.id,
    roles: ['invoker'],
    active: true,
    addressRules: [],
    rateLimits: [],
  },
  {
    kind: 'basic-credential',
    organization: 'acme',
    environment: 'prod',
    id: 'bas_app',
    username: 'app',
    consumer: 'con_app',
    passwordHash: await hashPassword('open sesame', randomBytes),
  },
  signingKey.record,
  at('sent', SENT),
  at('unsent'),
  at('basic', { ...SENT, authentication: BASIC }),
  at('jwt', { ...SENT, authentication: JWT }),
  at('open', { ...SENT, authentication: OPEN }),
  deployment(
    { paths: ['/called'], ...SENT },
    [callTo(`${upstream.url}/up`), transform({ body: '{"headers": body.headers, "auth": auth}' })],
    { pipeline: 'called' },
  ),
  deployment({ paths: ['/seen'] }, transform({ body: '{"auth": auth}' }), { pipeline: 'seen' }),
  deployment({ paths: ['/forging'], ...SENT, authentication: OPEN }, proxyTo(forging.url), {
    pipeline: 'forging',
  }),
]

/** A pipeline that passes requests on. */
function at(name: string, trigger: Parameters<typeof deployment>[0] = {}): FeedRecord {
  return deployment({ paths: [`/${name}`], ...trigger }, proxyTo(`${upstream.url}/up`), { pipeline: name })
}

const started = await startWith(RECORDS)
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
  await forging[Symbol.asyncDispose]()
})
beforeEach(async () => await started.load(RECORDS))

const withKey = ({ token }: { readonly token: string }) => ({ 'x-api-key': token })

/** What the upstream gets, after a check that `/authz` answers the same. */
async function labelsAt(name: string, headers: Record<string, string>): Promise<string> {
  const answer = await fetch(`${started.url}/acme/prod/${name}`, { headers })
  expect([name, answer.status]).toEqual([name, 200])
  const received = (await answer.json()) as { headers: Readonly<Record<string, string>> }
  const decided = await fetch(`${started.url}/authz/acme/prod/${name}`, { headers })
  expect(decided.headers.get('x-sallyport-labels')).toBe(received.headers['x-sallyport-labels'])
  return received.headers['x-sallyport-labels'] ?? ''
}

describe('An upstream and /authz get', () => {
  test('the labels of the consumer, with those of its key over them', async () => {
    const header = await labelsAt('sent', withKey(ofConsumer))
    expect(header).toBe('app=,team=payments,tier=go%2Cld%20%3D%C3%A9')
    expect(await labelsAt('called', withKey(ofConsumer))).toBe(header)
  })

  test('the labels of a key without a consumer', async () => {
    expect(await labelsAt('sent', withKey(labelled))).toBe('team=x')
  })

  test('the labels of the consumer alone, for a Basic credential', async () => {
    const authorization = `Basic ${Buffer.from('app:open sesame').toString('base64')}`
    expect(await labelsAt('basic', { authorization })).toBe('team=payments,tier=free')
  })

  test('the labels of the consumer and of the key that logged in, for a JWT', async () => {
    const bearer = async (claims: Readonly<Record<string, unknown>>) => ({
      authorization: `Bearer ${await signingKey.sign(claims)}`,
    })
    expect(await labelsAt('jwt', await bearer({ azp: 'con_app' }))).toBe('team=payments,tier=free')
    const withLogin = { azp: 'con_app', sallyport_key: ofConsumer.record.id }
    expect(await labelsAt('jwt', await bearer(withLogin))).toBe('app=,team=payments,tier=go%2Cld%20%3D%C3%A9')
  })

  test('none unless the trigger asks, and none of a key without labels or a caller without a key', async () => {
    expect(await labelsAt('unsent', withKey(ofConsumer))).toBe('-')
    expect(await labelsAt('sent', withKey(plain))).toBe('-')
    expect(await labelsAt('open', {})).toBe('-')
  })

  test("none of a partner's key and consumer", async () => {
    expect(await labelsAt('sent', withKey(theirs))).toBe('-')
  })

  test('none that the caller sent', async () => {
    for (const name of ['x-sallyport-labels', 'X-Sallyport-Labels', 'x_sallyport_labels']) {
      const forged = { [name]: 'tier=gold' }
      expect(await labelsAt('sent', { ...forged, ...withKey(plain) })).toBe('-')
      expect(await labelsAt('called', { ...forged, ...withKey(labelled) })).toBe('team=x')
      const answer = await fetch(`${started.url}/acme/prod/sent`, {
        headers: { ...forged, ...withKey(plain) },
      })
      expect(await answer.text()).not.toContain('tier=gold')
    }
  })

  test('changed labels from the next request on', async () => {
    started.apply([{ ...labelled.record, labels: { team: 'y' } }])
    expect(await labelsAt('sent', withKey(labelled))).toBe('team=y')
    const { labels: _labels, ...unlabelled } = labelled.record
    started.apply([unlabelled])
    expect(await labelsAt('sent', withKey(labelled))).toBe('-')
    started.apply([{ ...consumer, labels: { team: 'z' } }])
    expect(await labelsAt('sent', withKey(ofConsumer))).toBe('app=,team=z,tier=go%2Cld%20%3D%C3%A9')
  })
})

test('a caller gets no labels from an upstream', async () => {
  const answer = await fetch(`${started.url}/acme/prod/forging`)
  expect([answer.status, answer.headers.get('x-sallyport-labels')]).toEqual([200, null])
})

test('steps see labels if the trigger asks', async () => {
  const authAt = async (name: string): Promise<unknown> => {
    const answer = await fetch(`${started.url}/acme/prod/${name}`, { headers: withKey(ofConsumer) })
    return ((await answer.json()) as { auth: { labels: unknown } }).auth.labels
  }
  expect(await authAt('called')).toEqual({ team: 'payments', tier: 'go,ld =é', app: '' })
  expect(await authAt('seen')).toEqual({})
})
