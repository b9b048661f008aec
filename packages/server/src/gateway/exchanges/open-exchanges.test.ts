import { randomBytes } from 'node:crypto'
import type { ConsumerRecord, FeedRecord, KeyRecord, RemovedRecord, Trigger } from '@sallyport/core'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { hashPassword } from '../../crypto/password-hash.ts'
import { RawConnection } from '../testing/raw-connection.ts'
import { issuer, makeSigner, makeSigningKey } from '../testing/signing-keys.ts'
import {
  ACME,
  deployment,
  makeKey,
  OPEN,
  proxyTo,
  startWith,
  type StartedGateway,
} from '../testing/started-gateway.ts'
import { callTo } from '../testing/step-fixtures.ts'
import {
  EXCHANGE_KINDS,
  expectGoesOn,
  expectIsCut,
  openExchange,
  type ExchangeKind,
  type LastingExchange,
} from '../../../../../test/support/lasting-exchange.ts'
import { LastingUpstream, textFrame } from '../../../../../test/support/lasting-upstream.ts'
import { eventually } from '../../../../../test/support/eventually.ts'

const upstream = await LastingUpstream.start()
const shared = await startWith(ACME)
afterAll(async () => {
  await shared[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

const opened: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})

const PARTNER: readonly FeedRecord[] = [{ kind: 'organization', slug: 'partner' }]

function consumer(id: string, fields: Partial<ConsumerRecord> = {}): ConsumerRecord {
  return {
    kind: 'consumer',
    organization: 'acme',
    id,
    name: id,
    environment: 'prod',
    active: true,
    pipelines: [...EXCHANGE_KINDS],
    ...fields,
  }
}

function removed(of: RemovedRecord['of'], id: string): RemovedRecord {
  return { kind: 'removed', of, organization: 'acme', id }
}

/** One pipeline for each kind of exchange. */
function pipelines(authentication: Trigger['authentication'], version = '1.0'): FeedRecord[] {
  return EXCHANGE_KINDS.map((kind) => pipelineOf(kind, authentication, version))
}

function pipelineOf(
  kind: ExchangeKind,
  authentication: Trigger['authentication'],
  version = '1.0',
  trigger: Partial<Trigger> = {},
): FeedRecord {
  const url = `${upstream.url}/${kind}`
  return deployment(
    { paths: [`/${kind}`], authentication, ...trigger },
    kind === 'run' ? callTo(url) : proxyTo(url),
    { pipeline: kind, id: `${kind} ${version}`, version },
  )
}

async function start(records: readonly FeedRecord[], nowMs?: () => number): Promise<StartedGateway> {
  const started = await startWith([...ACME, ...records], nowMs === undefined ? {} : { nowMs })
  opened.push(started)
  return started
}

async function open(started: StartedGateway, kind: ExchangeKind, headers: string): Promise<LastingExchange> {
  const exchange = await openExchange(kind, started.gateway.port, upstream, headers)
  opened.push(exchange.caller)
  return exchange
}

/** What the caller must have received at the end of a cut exchange. */
const CUT_TEXT: Readonly<Record<ExchangeKind, RegExp>> = {
  // A close frame with 1008.
  ws: /\r\n\r\n\x88[^]\x03\xf0[a-z_]+$/,
  // No last chunk, and not the whole length.
  events: /first\n\r\n$/,
  download: /first\n\r\n$/,
  sized: /first\n$/,
  // The reason, on a connection that then ends.
  upload: /^HTTP\/1.1 40[134] [^]*\r\nconnection: close\r\n/i,
  run: /^HTTP\/1.1 40[134] [^]*\r\nconnection: close\r\n/i,
}

interface Subject {
  /** The records besides the pipelines. */
  readonly records: readonly FeedRecord[]
  readonly authentication: Trigger['authentication']
  readonly headers: string
  /** Changes that must cut the exchange. */
  readonly cuts: Readonly<Record<string, (kind: ExchangeKind) => readonly FeedRecord[]>>
  /** Neighbours of them that must not. */
  readonly keeps: Readonly<Record<string, (kind: ExchangeKind) => readonly FeedRecord[]>>
}

const API_KEY = { ...OPEN, apiKey: true }
const JWT = { ...OPEN, jwt: true }
const BASIC = { ...OPEN, basic: true }

const other = makeKey()
const mobileKey = makeKey({ consumer: 'con_mobile', environment: 'prod', roles: [] })
const mobile = mobileKey.record
const [secret] = mobile.secrets
if (secret === undefined) throw new Error('the key has no secret')
const newSecret = { sequence: 2, digest: '0'.repeat(64), expiresAtMs: null }

/** Changes of the key `mobile` and its consumer, which end it as an API key and as a login key. */
const KEY_CUTS: Subject['cuts'] = {
  'the key is deleted': () => [{ ...mobile, deleted: true }],
  'the key is inactive': () => [{ ...mobile, active: false }],
  'the key has expired': () => [{ ...mobile, expiresAtMs: Date.now() }],
  'the key is rolled without grace': () => [
    { ...mobile, secrets: [{ ...secret, expiresAtMs: Date.now() }, newSecret] },
  ],
  'the secret is displaced': () => [{ ...mobile, secrets: [newSecret] }],
  'the key gets other address rules': () => [{ ...mobile, addressRules: ['192.0.2.0/24'] }],
  'the consumer is inactive': () => [consumer('con_mobile', { active: false })],
  'the consumer is deleted': () => [removed('consumer', 'con_mobile')],
  'the association is removed': (kind) => [
    consumer('con_mobile', { pipelines: EXCHANGE_KINDS.filter((each) => each !== kind) }),
  ],
  'the association becomes one with another project': () => [
    consumer('con_mobile', { pipelines: [], projects: ['another'] }),
  ],
  'the deployment ends': (kind) => [removed('deployment', `${kind} 1.0`)],
  'the deployment ends and another major goes live': (kind) => [
    removed('deployment', `${kind} 1.0`),
    pipelineOf(kind, API_KEY, '2.0', { paths: ['/other'] }),
  ],
  'the environment is removed': () => [removed('environment', 'prod')],
}
const KEY_KEEPS: Subject['keeps'] = {
  'another key is deleted': () => [{ ...other.record, deleted: true }],
  'the key is rolled with grace': () => [
    { ...mobile, secrets: [{ ...secret, expiresAtMs: Date.now() + 60_000 }, newSecret] },
  ],
  'the key gets address rules that include the caller': () => [{ ...mobile, addressRules: ['127.0.0.0/8'] }],
  'another association is removed': (kind) => [consumer('con_mobile', { pipelines: [kind] })],
  'the association becomes one with the project': () => [
    consumer('con_mobile', { pipelines: [], projects: ['default'] }),
  ],
  'another consumer is deleted': () => [removed('consumer', 'con_other')],
  'a new version goes live': (kind) => [
    removed('deployment', `${kind} 1.0`),
    pipelineOf(kind, API_KEY, '1.1'),
  ],
  'a new version with other credentials goes live': (kind) => [
    removed('deployment', `${kind} 1.0`),
    pipelineOf(kind, BASIC, '1.1'),
  ],
  'another deployment ends': (kind) => [removed('deployment', kind === 'ws' ? 'run 1.0' : 'ws 1.0')],
}
const OWNERS = [consumer('con_mobile'), consumer('con_other'), mobile, other.record]

const roleKey = makeKey({ roles: ['caller', 'nothing'] })
const role = (
  grants: readonly { permission: 'pipelines.invoke' | 'pipelines.read'; pipeline?: string }[],
): FeedRecord => ({
  kind: 'role',
  organization: 'acme',
  name: 'caller',
  grants,
})

const partnerKey = makeKey({ organization: 'partner', roles: [] })
const external: FeedRecord = {
  kind: 'external-key',
  organization: 'acme',
  id: 'ext_1',
  keyId: partnerKey.record.id,
  roles: ['caller'],
  active: true,
  addressRules: [],
  rateLimits: [],
}

const signingKey = await makeSigningKey()
const otherSigningKey = await makeSigningKey()
const login = { azp: 'con_mobile', sallyport_key: mobile.id, sallyport_secret: 1 }
const idp = await makeSigner('idp-1')
const trusted = issuer({ jwks: { keys: [idp.publicJwk] } })
const passwordHash = await hashPassword('open sesame', randomBytes)
const credential: FeedRecord = {
  kind: 'basic-credential',
  organization: 'acme',
  environment: 'prod',
  id: 'bas_1',
  username: 'mobile',
  consumer: 'con_mobile',
  passwordHash,
}
const passwordCuts: Subject['cuts'] = {
  'the credential is removed': () => [removed('basic-credential', 'bas_1')],
  'the credential is replaced': () => [removed('basic-credential', 'bas_1'), { ...credential, id: 'bas_2' }],
  'the consumer is inactive': () => [consumer('con_mobile', { active: false })],
  'the deployment ends': (kind) => [removed('deployment', `${kind} 1.0`)],
}
const passwordKeeps: Subject['keeps'] = {
  'another credential is added': () => [{ ...credential, id: 'bas_2', username: 'other' }],
  'another key is deleted': () => [{ ...mobile, deleted: true }],
}

const SUBJECTS: Readonly<Record<string, Subject>> = {
  'an API key of a consumer': {
    records: OWNERS,
    authentication: API_KEY,
    headers: `X-Api-Key: ${mobileKey.token}\r\n`,
    cuts: KEY_CUTS,
    keeps: KEY_KEEPS,
  },
  'an API key with a role': {
    records: [...OWNERS, roleKey.record, role([{ permission: 'pipelines.invoke' }])],
    authentication: API_KEY,
    headers: `X-Api-Key: ${roleKey.token}\r\n`,
    cuts: {
      'the role loses its grant': () => [role([{ permission: 'pipelines.read' }])],
      'the role is removed': () => [removed('role', 'caller')],
      'the key loses the role': () => [{ ...roleKey.record, roles: ['nothing'] }],
    },
    keeps: {
      'the role gets a narrower grant': (kind) => [
        role([{ permission: 'pipelines.invoke', pipeline: kind }]),
      ],
      'another role is removed': () => [removed('role', 'nothing')],
      'another key is inactive': () => [{ ...mobile, active: false }],
    },
  },
  "another organization's API key": {
    records: [...PARTNER, partnerKey.record, external, role([{ permission: 'pipelines.invoke' }])],
    authentication: API_KEY,
    headers: `X-Api-Key: ${partnerKey.token}\r\n`,
    cuts: {
      'the external key is switched off': () => [{ ...external, active: false }],
      'the external key is removed': () => [removed('external-key', 'ext_1')],
      'the external key loses its roles': () => [{ ...external, roles: [] }],
      'the role loses its grant': () => [role([])],
      'the key is deleted': () => [{ ...partnerKey.record, deleted: true }],
    },
    keeps: {
      'another external key is removed': () => [removed('external-key', 'ext_2')],
      'the external key gets another role': () => [{ ...external, roles: ['caller', 'nothing'] }],
    },
  },
  'a JWT': {
    records: [...OWNERS, signingKey.record, otherSigningKey.record],
    authentication: JWT,
    headers: `Authorization: Bearer ${await signingKey.sign(login)}\r\n`,
    cuts: {
      ...KEY_CUTS,
      'the signing key is removed': () => [removed('signing-key', signingKey.record.id)],
      'the signing key no longer verifies': () => [{ ...signingKey.record, verifiesUntilMs: Date.now() }],
    },
    keeps: {
      ...KEY_KEEPS,
      'another signing key is removed': () => [removed('signing-key', otherSigningKey.record.id)],
      'the signing key verifies for a while': () => [
        { ...signingKey.record, verifiesUntilMs: Date.now() + 60_000 },
      ],
    },
  },
  'a JWT obtained with a password': {
    records: [...OWNERS, credential, signingKey.record],
    authentication: JWT,
    headers: `Authorization: Bearer ${await signingKey.sign({ azp: 'con_mobile', sallyport_credential: 'bas_1' })}\r\n`,
    cuts: passwordCuts,
    keeps: passwordKeeps,
  },
  "a trusted issuer's JWT": {
    records: [...OWNERS, trusted],
    authentication: JWT,
    headers: `X-Access-Token: ${await idp.sign({ iss: trusted.issuer, aud: 'orders' })}\r\n`,
    cuts: {
      'the issuer is removed': () => [removed('issuer', trusted.id)],
      'the issuer gets other keys': () => [{ ...trusted, jwks: { keys: [otherSigningKey.publicJwk] } }],
    },
    keeps: {
      'another issuer is removed': () => [removed('issuer', 'iss_2')],
      'the issuer is saved again': () => [{ ...trusted, audiences: ['orders'] }],
    },
  },
  'Basic credentials': {
    records: [...OWNERS, credential],
    authentication: BASIC,
    headers: `Authorization: Basic ${Buffer.from('mobile:open sesame').toString('base64')}\r\n`,
    cuts: passwordCuts,
    keeps: passwordKeeps,
  },
  'no credentials': {
    records: OWNERS,
    authentication: OPEN,
    headers: '',
    cuts: { 'the deployment ends': (kind) => [removed('deployment', `${kind} 1.0`)] },
    keeps: { 'another key is deleted': () => [{ ...mobile, deleted: true }] },
  },
}

const withKinds = (name: 'cuts' | 'keeps'): (readonly [ExchangeKind, string, string])[] =>
  Object.entries(SUBJECTS).flatMap(([subject, { [name]: changes }]) =>
    Object.keys(changes).flatMap((change) => EXCHANGE_KINDS.map((kind) => [kind, subject, change] as const)),
  )

async function openFor(kind: ExchangeKind, subject: string): Promise<[StartedGateway, LastingExchange]> {
  const { records = [], authentication = OPEN, headers = '' } = SUBJECTS[subject] ?? {}
  await shared.load([...ACME, ...records, ...pipelines(authentication)])
  const exchange = await open(shared, kind, headers)
  return [shared, exchange]
}

describe('An open exchange is cut', () => {
  test.each(withKinds('cuts'))('(%s, with %s) when %s', async (kind, subject, change) => {
    const [started, exchange] = await openFor(kind, subject)
    started.apply(SUBJECTS[subject]?.cuts[change]?.(kind) ?? [])
    expect(await expectIsCut(exchange)).toMatch(CUT_TEXT[kind])
  })

  test.each(EXCHANGE_KINDS)('(%s) when a snapshot loaded afresh refuses it', async (kind) => {
    const [started, exchange] = await openFor(kind, 'an API key of a consumer')
    await started.load([...ACME, ...OWNERS.filter((record) => record !== mobile), ...pipelines(API_KEY)])
    expect(await expectIsCut(exchange)).toMatch(CUT_TEXT[kind])
  })
})

describe('An open exchange goes on', () => {
  test.each(withKinds('keeps'))('(%s, with %s) when %s', async (kind, subject, change) => {
    const [started, exchange] = await openFor(kind, subject)
    started.apply(SUBJECTS[subject]?.keeps[change]?.(kind) ?? [])
    await expectGoesOn(exchange)
  })

  test.each(Object.keys(SUBJECTS))('(with %s) when the same snapshot is loaded afresh', async (subject) => {
    const [started, exchange] = await openFor('ws', subject)
    const { records = [], authentication = OPEN } = SUBJECTS[subject] ?? {}
    await started.load(structuredClone([...ACME, ...records, ...pipelines(authentication)]))
    await expectGoesOn(exchange)
  })
})

describe('An exchange on a replaced version', () => {
  test('is cut when the new version ends', async () => {
    const [started, exchange] = await openFor('ws', 'an API key of a consumer')
    started.apply([removed('deployment', 'ws 1.0'), pipelineOf('ws', API_KEY, '1.1')])
    started.apply([removed('deployment', 'ws 1.1'), pipelineOf('ws', API_KEY, '1.2')])
    await expectGoesOn(exchange)
    started.apply([removed('deployment', 'ws 1.2')])
    expect(await expectIsCut(exchange)).toMatch(/\x88[^]\x03\xf0route_not_found$/)
  })

  test('is cut when its key is deleted', async () => {
    const [started, exchange] = await openFor('events', 'an API key of a consumer')
    started.apply([removed('deployment', 'events 1.0'), pipelineOf('events', OPEN, '1.1')])
    started.apply([{ ...mobile, deleted: true }])
    expect(await expectIsCut(exchange)).toMatch(CUT_TEXT.events)
  })
})

test('A key that was given a role later is cut when that role loses its grants', async () => {
  const [started, exchange] = await openFor('ws', 'an API key of a consumer')
  const promoted: KeyRecord = { ...mobile, roles: ['caller'] }
  started.apply([promoted, role([{ permission: 'pipelines.invoke' }])])
  started.apply([consumer('con_mobile', { pipelines: [] })])
  await expectGoesOn(exchange)
  started.apply([role([])])
  expect(await expectIsCut(exchange)).toMatch(/\x88[^]\x03\xf0pipeline_not_allowed$/)
})

describe('Time cuts an open exchange', () => {
  const soon = (): number => Date.now() + 400

  test.each<[string, () => FeedRecord]>([
    ['its key expires', () => ({ ...mobile, expiresAtMs: soon() })],
    [
      'the grace of its secret ends',
      () => ({ ...mobile, secrets: [{ ...secret, expiresAtMs: soon() }, newSecret] }),
    ],
  ])('when %s, and not before', async (_name, key) => {
    const record = key()
    const started = await start([consumer('con_mobile'), record, ...pipelines(API_KEY)])
    const exchange = await open(started, 'events', `X-Api-Key: ${mobileKey.token}\r\n`)
    await expectGoesOn(exchange)
    const text = await exchange.caller.closed()
    expect(Date.now()).toBeGreaterThanOrEqual('expiresAtMs' in record ? (record.expiresAtMs ?? 0) : 0)
    expect(text).toMatch(/still here\r\n$/)
  })

  test('when a change brings its expiry, and not before', async () => {
    const [started, exchange] = await openFor('ws', 'an API key of a consumer')
    started.apply([{ ...mobile, expiresAtMs: soon() }])
    await expectGoesOn(exchange)
    expect(await exchange.caller.closed()).toMatch(/\x88[^]\x03\xf0key_expired$/)
  })

  test('when its JWT expires', async () => {
    const started = await start([...OWNERS, signingKey.record, ...pipelines(JWT)])
    // The tolerated difference between clocks is 30 s.
    const exp = Date.now() / 1000 - 29.5
    const token = await signingKey.sign({ ...login, iat: Math.floor(exp - 60), exp })
    const exchange = await open(started, 'ws', `Authorization: Bearer ${token}\r\n`)
    await expectGoesOn(exchange)
    expect(await exchange.caller.closed()).toMatch(/\x88[^]\x03\xf0token_expired$/)
  })

  test('when the clock is set forward, although its time is far off', async () => {
    let aheadMs = 0
    const key: KeyRecord = { ...mobile, expiresAtMs: Date.now() + 3_600_000 }
    const started = await start(
      [consumer('con_mobile'), key, ...pipelines(API_KEY)],
      () => Date.now() + aheadMs,
    )
    const exchange = await open(started, 'ws', `X-Api-Key: ${mobileKey.token}\r\n`)
    // Indexed by now, so that its due time is in the queue.
    started.apply([{ ...other.record }])
    await expectGoesOn(exchange)
    aheadMs = 3_600_001
    expect(await exchange.caller.closed()).toMatch(/\x88[^]\x03\xf0key_expired$/)
  })

  test('not when its expiry is postponed', async () => {
    const [started, exchange] = await openFor('ws', 'an API key of a consumer')
    const endsAtMs = Date.now() + 300
    started.apply([{ ...mobile, expiresAtMs: endsAtMs }])
    started.apply([{ ...mobile, expiresAtMs: endsAtMs + 60_000 }])
    await eventually(() => expect(Date.now()).toBeGreaterThan(endsAtMs + 100))
    await expectGoesOn(exchange)
  })
})

describe('A cut WebSocket', () => {
  test('is reset in the middle of a frame', async () => {
    const [started, exchange] = await openFor('ws', 'an API key of a consumer')
    exchange.upstream.socket.write(textFrame('half a frame').subarray(0, 6))
    await exchange.caller.until('half')
    started.apply([{ ...mobile, deleted: true }])
    expect(await exchange.caller.closed()).toMatch(/half$/)
  })

  test('gets no second close frame', async () => {
    const [started, exchange] = await openFor('ws', 'an API key of a consumer')
    exchange.upstream.socket.write(Buffer.from([0x88, 2, 3, 0xe8]))
    await exchange.caller.until('\x88\x02\x03\xe8')
    started.apply([{ ...mobile, deleted: true }])
    expect(await exchange.caller.closed()).toMatch(/\x88\x02\x03\xe8$/)
  })

  test('is reset when its caller has not read what was sent', async () => {
    const [started, exchange] = await openFor('ws', 'an API key of a consumer')
    exchange.caller.socket.pause()
    const frame = Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0x10, 0, 0]), Buffer.alloc(0x100000)])
    while (exchange.upstream.socket.write(frame)) await new Promise(setImmediate)
    while (
      exchange.upstream.socket.writableLength > 0 &&
      exchange.upstream.socket.writableLength < 4 * frame.length
    ) {
      exchange.upstream.socket.write(frame)
      await new Promise(setImmediate)
    }
    started.apply([{ ...mobile, deleted: true }])
    exchange.caller.socket.resume()
    expect(await exchange.caller.closed()).not.toMatch(/\x03\xf0key_deleted$/)
    await exchange.upstream.closed
  })
})

test('A request that waits behind another one on its connection is decided when it is its turn', async () => {
  await shared.load([...ACME, ...OWNERS, ...pipelines(API_KEY)])
  const caller = await RawConnection.open(shared.gateway.port)
  opened.push(caller)
  const get = (kind: string, token: string): string =>
    `GET /acme/prod/${kind} HTTP/1.1\r\nHost: api\r\nX-Api-Key: ${token}\r\n\r\n`
  caller.send(get('run', other.token) + get('download', mobileKey.token))
  const run = await upstream.next()
  shared.apply([{ ...mobile, deleted: true }])
  run.response?.end('{}')
  expect(await caller.until('key_deleted')).toMatch(/^HTTP\/1\.1 200 [^]*HTTP\/1\.1 401 /)
})

describe('A request whose credential ends while it is decided', () => {
  let verified = Promise.withResolvers<boolean>()
  let verifying = Promise.withResolvers<void>()
  const records = [...ACME, ...OWNERS, credential, ...pipelines(BASIC)]
  const verify = async (): Promise<boolean> => {
    verifying.resolve()
    return await verified.promise
  }

  /** @param delay the change comes this many microtasks after the password is verified */
  async function answer(path: string, delay: number): Promise<string> {
    verified = Promise.withResolvers()
    verifying = Promise.withResolvers()
    await using started = await startWith(records, { passwords: { verify } })
    await using caller = await RawConnection.open(started.gateway.port)
    const original = 'X-Original-Method: GET\r\nX-Original-URL: /acme/prod/download\r\n'
    const headers = SUBJECTS['Basic credentials']?.headers ?? ''
    caller.send(`GET ${path} HTTP/1.1\r\nHost: api\r\n${original}${headers}\r\n`)
    await verifying.promise
    verified.resolve(true)
    for (let count = 0; count < delay; count += 1) await Promise.resolve()
    started.apply([removed('basic-credential', 'bas_1')])
    return await caller.until('\r\n\r\n')
  }

  test('is refused, whenever the change comes before its response', async () => {
    for (let delay = 0; delay < 40; delay += 1) {
      expect(await answer('/acme/prod/download', delay)).toMatch(/^HTTP\/1.1 401 /)
    }
  })

  test('is refused to a proxy that asks', async () => {
    expect(await answer('/authz', 0)).toMatch(/^HTTP\/1.1 401 /)
  })
})

test('A change decides only the exchanges of its own subjects', async () => {
  const started = await start([...OWNERS, ...pipelines(API_KEY)])
  const mine = await open(started, 'ws', `X-Api-Key: ${mobileKey.token}\r\n`)
  const others = []
  for (let index = 0; index < 20; index += 1) {
    others.push(await open(started, 'ws', `X-Api-Key: ${other.token}\r\n`))
  }
  started.apply([{ ...mobile, deleted: true }])
  expect(await expectIsCut(mine)).toMatch(CUT_TEXT.ws)
  for (const exchange of others) await expectGoesOn(exchange)
  expect(started.log.filter((line) => line.includes('open exchanges were cut'))).toEqual([
    expect.stringContaining('"exchanges":1,'),
  ])
})
