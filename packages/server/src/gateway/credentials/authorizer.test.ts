import { hash, randomBytes } from 'node:crypto'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import {
  Snapshot,
  type Allowed,
  type ConsumerRecord,
  type DeploymentRecord,
  type FeedRecord,
  type KeyId,
  type LimitFact,
} from '@sallyport/core'
import pino from 'pino'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { AddressSet } from '../../address/address-set.ts'
import { hashPassword } from '../../crypto/password-hash.ts'
import { ConnectionPool } from '../../egress/connection-pool.ts'
import { TrustedProxies } from '../request/client-address.ts'
import { makeSigningKey } from '../testing/signing-keys.ts'
import { ACME, deployment, idOfImported, makeKey, OPEN } from '../testing/started-gateway.ts'
import { Authorizer, type Limiter, type Verdict } from './authorizer.ts'
import { BasicAuthenticator } from './basic-authenticator.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { JwtVerifier } from './jwt-verifier.ts'
import { type PasswordOptions, passwordVerifier } from './password-verifier.ts'
import { RateLimiter } from './rate-limiter.ts'

const NOW = 1_800_000_000_000
const KEY = { apiKey: true, basic: false, jwt: false }

const consumer: ConsumerRecord = {
  kind: 'consumer',
  organization: 'acme',
  id: 'con_mobile',
  name: 'mobile-app',
  environment: 'prod',
  active: true,
  pipelines: ['orders'],
}
const key = makeKey({ consumer: consumer.id, environment: 'prod', roles: [] })
const machine = makeKey()
const office = makeKey({ addressRules: ['198.51.100.0/24'] })
const limited = makeKey({ rateLimits: [{ requests: 1, per: 'hour', by: 'credential' }] })
const [signing, passwordHash] = await Promise.all([
  makeSigningKey(),
  hashPassword('open sesame', randomBytes),
])
const records: readonly FeedRecord[] = [
  ...ACME,
  consumer,
  ...[key, machine, office, limited].map(({ record }) => record),
  signing.record,
  {
    kind: 'basic-credential',
    organization: 'acme',
    environment: 'prod',
    id: 'bas_1',
    username: 'mobile',
    consumer: consumer.id,
    passwordHash,
  },
]
const snapshot = Snapshot.empty().apply({ revision: 1, atMs: 0, records })

const upstreams = new ConnectionPool(new AddressSet([]))
afterAll(() => upstreams.destroy())

let uses: unknown[]
let monotonicMs: number
/** How often the id of an imported key was derived. */
let derivedIds: number
let authorizer: Authorizer

beforeEach(() => startAuthorizer())

function startAuthorizer(passwords: PasswordOptions = {}, limiter: Limiter = new RateLimiter()): void {
  uses = []
  monotonicMs = 0
  derivedIds = 0
  const clock = (): number => monotonicMs
  const logger = pino({ level: 'silent' })
  authorizer = new Authorizer({
    proxies: new TrustedProxies(new AddressSet(['10.0.0.0/8'])),
    limiter,
    usage: {
      record: ({ secret }, atMs, address) => {
        if (secret !== null) uses.push({ keyId: secret.keyId, sequence: secret.sequence, atMs, address })
      },
    },
    basic: new BasicAuthenticator({ monotonicMs: clock, passwords: passwordVerifier(passwords) }),
    jwt: new JwtVerifier(new IssuerKeys({ requester: upstreams, logger }), logger, clock),
    importedKeyId: (digest) => {
      derivedIds += 1
      return idOfImported(digest)
    },
    monotonicMs: clock,
  })
}

interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: string
  /** Where the request comes from: through a trusted proxy. */
  readonly address?: string
  readonly isPreflight?: boolean
}

function requestWith({ headers = {}, address = '192.0.2.1' }: Sent): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: '10.0.0.1' })
  const request = new IncomingMessage(socket)
  request.headers['x-forwarded-for'] = address
  request.rawHeaders = Object.entries(headers).flat()
  return request
}

function authorize(to: DeploymentRecord, sent: Sent, on = snapshot): Verdict | Promise<Verdict> {
  const { query = null, isPreflight = false } = sent
  return authorizer.authorize(
    on,
    { kind: 'found', deployment: to },
    isPreflight,
    requestWith(sent),
    query,
    NOW,
  )
}

/** The reason of the refusal, or `allow`. */
async function outcome(to: DeploymentRecord, sent: Sent, on = snapshot): Promise<string> {
  const verdict = await authorize(to, sent, on)
  return verdict.kind === 'deny' ? verdict.reason : verdict.kind
}

const withKey = ({ token }: { readonly token: string }) => ({ 'x-api-key': token })
const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`mobile:${password}`).toString('base64')}`,
})
const jwt = (): Promise<string> => signing.sign({ iat: NOW / 1000, exp: NOW / 1000 + 600, azp: consumer.id })

/** A use of a key's first secret by a request from an address. */
const useOf = (keyId: KeyId, address = '192.0.2.1') => ({ keyId, sequence: 1, atMs: NOW, address })

describe('An API key', () => {
  test('is read, verified and counted with the address of the client', async () => {
    expect(await authorize(deployment(), { headers: withKey(key) })).toMatchObject({
      kind: 'allow',
      principal: { organization: 'acme', consumer: consumer.id, keyId: key.record.id },
    })
    expect(uses).toEqual([useOf(key.record.id)])
  })

  test('is counted once it is verified, even if another check fails', async () => {
    const other = deployment({}, undefined, { pipeline: 'other' })
    expect(await outcome(other, { headers: withKey(key) })).toBe('pipeline_not_allowed')
    expect(uses).toEqual([useOf(key.record.id)])
    expect(await outcome(other, { headers: withKey(makeKey()) })).toBe('credential_invalid')
    expect(await outcome(other, { headers: { 'x-api-key': 'sp_sk_short' } })).toBe('credential_invalid')
    expect(await outcome(other, {})).toBe('credential_missing')
    expect(uses).toHaveLength(1)
  })

  test('costs no HMAC where no token can be that of an imported key', async () => {
    const digest = hash('sha256', 'another token')
    const imported: FeedRecord = {
      ...makeKey({ id: idOfImported(Buffer.from(digest, 'hex')) }).record,
      secrets: [{ sequence: 1, digest, expiresAtMs: null }],
      hasForeignToken: true,
    }
    const on = snapshot.apply({ revision: 2, atMs: 0, records: [imported] })
    const headers = { 'x-api-key': 'legacy-4fT0Qm2ZrX9bLk7A' }
    await outcome(deployment(), { headers })
    await outcome(deployment({ authentication: OPEN }), { headers }, on)
    await outcome(deployment(), { headers: withKey(key) }, on)
    await outcome(deployment(), { headers: { 'x-api-key': 'sp_legacy' } }, on)
    expect(derivedIds).toBe(0)
    expect(await outcome(deployment(), { headers }, on)).toBe('credential_invalid')
    expect(derivedIds).toBe(1)
  })

  test('in the query counts only if the trigger reads it there', async () => {
    const query = `a=b&apikey=${key.token}`
    expect(await outcome(deployment({ apiKeyInQuery: true }), { query })).toBe('allow')
    expect(await outcome(deployment(), { query })).toBe('credential_missing')
  })

  test('with address rules works only from these addresses, as the trusted proxy reports them', async () => {
    const from = (address: string): Promise<string> =>
      outcome(deployment(), { headers: withKey(office), address })
    expect(await from('198.51.100.9')).toBe('allow')
    expect(await from('198.51.101.9')).toBe('address_not_allowed')
  })

  test('is ignored, whatever it is, by a pipeline that asks for no credential', async () => {
    const open = deployment({ authentication: OPEN })
    expect(await authorize(open, { headers: withKey(key) })).toMatchObject({
      kind: 'allow',
      principal: { consumer: null, keyId: null },
    })
    expect(await outcome(open, { headers: { 'x-api-key': 'nonsense' } })).toBe('allow')
    expect(uses).toEqual([])
  })
})

describe('A repeated key', () => {
  const to = deployment()
  const expiring = makeKey({ expiresAtMs: NOW + 1 })
  const at = (nowMs: number, on: Snapshot): Verdict | Promise<Verdict> =>
    authorizer.authorize(
      on,
      { kind: 'found', deployment: to },
      false,
      requestWith({ headers: withKey(expiring) }),
      null,
      nowMs,
    )

  test('gets the same verdict, and each use counts with its own address', async () => {
    const first = await authorize(to, { headers: withKey(key) })
    const second = await authorize(to, { headers: withKey(key) })
    const third = await authorize(to, { headers: withKey(key), address: '192.0.2.2' })
    const fourth = await authorize(to, { headers: { authorization: `Bearer ${key.token}` } })
    expect(third).toMatchObject(first)
    // From its second use on it is remembered.
    expect([second === third, third === fourth]).toEqual([false, true])
    expect(uses).toEqual([
      useOf(key.record.id),
      useOf(key.record.id),
      useOf(key.record.id, '192.0.2.2'),
      useOf(key.record.id),
    ])
  })

  test.each<[string, FeedRecord, string]>([
    ['its key is deactivated', { ...key.record, active: false }, 'key_inactive'],
    ['its key is deleted', { ...key.record, deleted: true }, 'key_deleted'],
    ['its consumer is deactivated', { ...consumer, active: false }, 'key_inactive'],
    ['its consumer loses the pipeline', { ...consumer, pipelines: [] }, 'pipeline_not_allowed'],
  ])(
    'is refused from the moment on at which %s, and works again without that',
    async (_what, record, reason) => {
      for (let use = 0; use < 3; use += 1) expect(await outcome(to, { headers: withKey(key) })).toBe('allow')
      const changed = snapshot.apply({ revision: 2, atMs: 0, records: [record] })
      expect(await outcome(to, { headers: withKey(key) }, changed)).toBe(reason)
      expect(await outcome(to, { headers: withKey(key) })).toBe('allow')
    },
  )

  test('is refused at its expiry, although nothing has changed', async () => {
    const on = snapshot.apply({ revision: 2, atMs: 0, records: [expiring.record] })
    for (let use = 0; use < 3; use += 1) expect(await at(NOW, on)).toMatchObject({ kind: 'allow' })
    expect(await at(NOW + 1, on)).toMatchObject({ kind: 'deny', reason: 'key_expired' })
  })

  test('is decided for each deployment', async () => {
    const closed = deployment({}, undefined, { pipeline: 'other' })
    for (let use = 0; use < 3; use += 1) expect(await outcome(to, { headers: withKey(key) })).toBe('allow')
    expect(await outcome(closed, { headers: withKey(key) })).toBe('pipeline_not_allowed')
    expect(await outcome(deployment(), { headers: withKey(key) })).toBe('allow')
  })

  test('is checked each time for what does not depend on the token alone', async () => {
    const headers = withKey(office)
    for (let use = 0; use < 3; use += 1) {
      expect(await outcome(to, { headers, address: '198.51.100.9' })).toBe('allow')
    }
    expect(await outcome(to, { headers, address: '198.51.101.9' })).toBe('address_not_allowed')
    const withBasic = deployment({ authentication: { ...KEY, basic: true } })
    const both = { ...withKey(key), ...basic('open sesame') }
    for (let use = 0; use < 3; use += 1) expect(await outcome(withBasic, { headers: both })).toBe('allow')
    expect(await outcome(withBasic, { headers: withKey(key) })).toBe('basic_invalid')
  })

  test('is counted by its limits each time, and refused beyond them', async () => {
    const few = makeKey({ rateLimits: [{ requests: 4, per: 'hour', by: 'credential' }] })
    const on = snapshot.apply({ revision: 2, atMs: 0, records: [few.record] })
    const remaining: unknown[] = []
    for (let use = 0; use < 4; use += 1) {
      const verdict = await authorize(to, { headers: withKey(few) }, on)
      remaining.push(verdict.kind === 'allow' ? verdict.budgets[0]?.remaining : verdict)
    }
    expect(remaining).toEqual([3, 2, 1, 0])
    const refused = await authorize(to, { headers: withKey(few) }, on)
    expect(refused).toMatchObject({ kind: 'deny', reason: 'rate_limited', secret: { keyId: few.record.id } })
    expect(uses).toHaveLength(5)
  })

  test('is counted each time by a limiter that asks a store', async () => {
    let answer: LimitFact = { kind: 'within', budgets: [] }
    let counted = 0
    startAuthorizer(
      {},
      {
        consume: () => {
          counted += 1
          return Promise.resolve(answer)
        },
      },
    )
    for (let use = 0; use < 3; use += 1) {
      expect(await outcome(to, { headers: withKey(limited) })).toBe('allow')
    }
    answer = { kind: 'exceeded', retryAfterMs: 1 }
    expect(await outcome(to, { headers: withKey(limited) })).toBe('rate_limited')
    expect(counted).toBe(4)
  })

  test('is not known by another token of the same key', async () => {
    for (let use = 0; use < 3; use += 1) expect(await outcome(to, { headers: withKey(key) })).toBe('allow')
    const { token } = makeKey({ id: key.record.id })
    expect(await outcome(to, { headers: { 'x-api-key': token } })).toBe('credential_invalid')
  })
})

describe('A request without a decision to make', () => {
  test('is denied if it matches no route, and its key is not counted', () => {
    const request = requestWith({ headers: withKey(key) })
    expect(authorizer.authorize(snapshot, { kind: 'not_found' }, false, request, null, NOW)).toMatchObject({
      kind: 'deny',
      reason: 'route_not_found',
    })
    expect(uses).toEqual([])
  })

  test('is a preflight without credentials, if the pipeline has cross-origin rules', async () => {
    const cors = { origins: ['https://app.example'], headers: [], credentials: false }
    expect(await outcome(deployment({ cors }), { isPreflight: true })).toBe('preflight')
    expect(await outcome(deployment(), { isPreflight: true })).toBe('credential_missing')
    expect(uses).toEqual([])
  })
})

describe('Basic credentials', () => {
  const to = deployment({ authentication: { ...OPEN, basic: true } })

  test('identify their consumer', async () => {
    expect(await authorize(to, { headers: basic('open sesame') })).toMatchObject({
      kind: 'allow',
      principal: { consumer: consumer.id, keyId: null },
      basic: { kind: 'valid', credential: 'bas_1' },
    })
    // The result is cached now, and so the verdict is synchronous.
    expect(authorize(to, { headers: basic('open sesame') })).toMatchObject({ kind: 'allow' })
    expect(uses).toEqual([])
  })

  test.each([
    [basic('open sesam'), 'basic_invalid'],
    [{ authorization: 'Basic !' }, 'basic_invalid'],
    [{ authorization: 'Basic' }, 'credential_ambiguous'],
    [{ authorization: `Bearer ${key.token}` }, 'basic_invalid'],
    [{}, 'basic_invalid'],
  ])('in %j are refused with %s', async (headers, reason) => {
    expect(await outcome(to, { headers })).toBe(reason)
  })

  test.each([
    ['192.0.2.1', 1],
    ['192.0.2.2', 2],
  ])('of callers at 192.0.2.1 and at %s are verified %i at a time', (address, running) => {
    let started = 0
    const verify = (): Promise<boolean> => {
      started += 1
      return new Promise(() => undefined)
    }
    startAuthorizer({ verify })
    void authorize(to, { headers: basic('one guess') })
    void authorize(to, { headers: basic('another guess'), address })
    expect(started).toBe(running)
  })

  test('are verified in the environment of the pipeline', async () => {
    const ofTest = { ...to, environment: 'test' }
    expect(await outcome(ofTest, { headers: basic('open sesame') })).toBe('basic_invalid')
  })
})

describe('A JWT', () => {
  const to = deployment({ authentication: { ...OPEN, jwt: true } })

  test('identifies its consumer, and is verified once', async () => {
    const headers = { authorization: `Bearer ${await jwt()}` }
    const verdict = authorize(to, { headers })
    expect(verdict).toBeInstanceOf(Promise)
    expect(await verdict).toMatchObject({ kind: 'allow', principal: { consumer: consumer.id, keyId: null } })
    expect(authorize(to, { headers })).toMatchObject({ kind: 'allow' })
  })

  test('is refused if it is missing, ambiguous or forged', async () => {
    expect(await outcome(to, {})).toBe('token_missing')
    expect(await outcome(to, { headers: { authorization: 'Bearer' } })).toBe('credential_ambiguous')
    const [header, payload] = (await jwt()).split('.')
    const forged = `${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`
    expect(await outcome(to, { headers: { authorization: `Bearer ${forged}` } })).toBe('token_invalid')
  })

  test('is invalid in an environment that does not exist', async () => {
    const nowhere = { ...to, environment: 'gone' }
    expect(await outcome(nowhere, { headers: { authorization: `Bearer ${await jwt()}` } })).toBe(
      'token_invalid',
    )
  })
})

describe('A key that waits for another credential to be verified', () => {
  test.each([
    ['a JWT', { jwt: true, basic: false }, async () => ({ 'x-access-token': await jwt() })],
    ['a password', { jwt: false, basic: true }, async () => await Promise.resolve(basic('open sesame'))],
  ] as const)('(%s) is not mistaken for the key of a later request', async (_, also, credential) => {
    const both = deployment({ authentication: { ...KEY, ...also } })
    const waiting = authorize(both, { headers: { ...withKey(key), ...(await credential()) } })
    expect(waiting).toBeInstanceOf(Promise)
    expect(await outcome(deployment(), { headers: withKey(machine), address: '192.0.2.9' })).toBe('allow')
    expect(await waiting).toMatchObject({ kind: 'allow', principal: { keyId: key.record.id } })
    expect(uses).toEqual([useOf(machine.record.id, '192.0.2.9'), useOf(key.record.id)])
  })
})

describe('Rate limits', () => {
  const perHour = deployment({
    authentication: OPEN,
    rateLimits: [{ requests: 1, per: 'hour', by: 'consumer' }],
  })

  test('of a pipeline count anonymous callers by the address of the client', async () => {
    expect(await outcome(perHour, {})).toBe('allow')
    expect(await outcome(perHour, { address: '192.0.2.2' })).toBe('allow')
    expect(await authorize(perHour, {})).toMatchObject({ reason: 'rate_limited', retryAfterMs: 3_600_000 })
    monotonicMs += 3_600_000
    expect(await outcome(perHour, {})).toBe('allow')
  })

  test('of a pipeline are those of its environment', async () => {
    expect(await outcome(perHour, {})).toBe('allow')
    expect(await outcome({ ...perHour, environment: 'test' }, {})).toBe('allow')
  })

  test('wait for a limiter that asks a store, and for nothing without a limit', async () => {
    const memory = new RateLimiter()
    const shared: Limiter = { consume: async (...asked) => await Promise.resolve(memory.consume(...asked)) }
    startAuthorizer({}, shared)
    expect(authorize(deployment(), { headers: withKey(machine) })).not.toBeInstanceOf(Promise)
    // Both are in progress at once, so each has the digest of its own token.
    const verdicts = [limited, machine, limited].map((one) =>
      authorize(deployment(), { headers: withKey(one) }),
    )
    expect(verdicts.map((verdict) => verdict instanceof Promise)).toEqual([true, false, true])
    expect(await Promise.all(verdicts.map(async (verdict) => await verdict))).toMatchObject([
      { kind: 'allow', principal: { keyId: limited.record.id }, budgets: [{ remaining: 0 }] },
      { kind: 'allow', principal: { keyId: machine.record.id }, budgets: [] },
      { kind: 'deny', reason: 'rate_limited', secret: { keyId: limited.record.id } },
    ])
  })

  test('of a key apply to every pipeline', async () => {
    const headers = withKey(limited)
    expect(await outcome(deployment(), { headers })).toBe('allow')
    expect(await outcome(deployment({}, undefined, { pipeline: 'other' }), { headers })).toBe('rate_limited')
    // The secret was verified, and so its use counts.
    expect(uses).toHaveLength(2)
  })
})

describe('A request that is decided again', () => {
  /** Authorizes a request, and decides it again after a change. */
  async function again(
    to: DeploymentRecord,
    sent: Sent,
    change: FeedRecord[] = [],
    later = sent,
  ): Promise<unknown> {
    const last = await authorize(to, sent)
    expect(last.kind).toBe('allow')
    uses = []
    const next = snapshot.apply({ revision: 2, atMs: 0, records: change })
    const result = authorizer.authorizeAgain(
      next,
      last as Allowed,
      requestWith(later),
      later.query ?? null,
      NOW,
    )
    expect(uses).toEqual([])
    return typeof result === 'string' ? result : result.kind
  }

  test('stays allowed without a relevant change, and uses up no limit', async () => {
    const rateLimits = [{ requests: 1, per: 'hour', by: 'consumer' }] as const
    const to = deployment({ rateLimits, apiKeyInQuery: true })
    expect(await again(to, { headers: withKey(limited) })).toBe('allow')
    expect(await again(to, { query: `apikey=${machine.token}` })).toBe('allow')
  })

  test('is not taken for a preflight of a pipeline with cross-origin rules', async () => {
    const cors = { origins: ['https://app.example'], headers: [], credentials: false }
    expect(await again(deployment({ cors }), { headers: withKey(key) })).toBe('allow')
  })

  test('keeps its Basic credentials and JWT, without another verification', async () => {
    expect(
      await again(deployment({ authentication: { ...OPEN, basic: true } }), {
        headers: basic('open sesame'),
      }),
    ).toBe('allow')
    const headers = { authorization: `Bearer ${await jwt()}` }
    expect(await again(deployment({ authentication: { ...OPEN, jwt: true } }), { headers })).toBe('allow')
  })

  test('keeps what remains of its limits', async () => {
    const rateLimits = [{ requests: 5, per: 'hour', by: 'consumer' }] as const
    const last = await authorize(deployment({ rateLimits }), { headers: withKey(key) })
    const request = requestWith({ headers: withKey(key) })
    const result = authorizer.authorizeAgain(snapshot, last as Allowed, request, null, NOW)
    expect(result).toMatchObject({ budgets: [{ remaining: 4 }] })
  })

  test('ends with its key, with the reason', async () => {
    const off = { ...key.record, active: false }
    expect(await again(deployment(), { headers: withKey(key) }, [off])).toBe('key_inactive')
  })

  test('stays allowed with a token that was issued elsewhere, and ends with its key', async () => {
    const token = 'legacy-4fT0Qm2ZrX9bLk7A'
    const digest = hash('sha256', token)
    const imported: FeedRecord = {
      ...makeKey({ id: idOfImported(Buffer.from(digest, 'hex')) }).record,
      secrets: [{ sequence: 1, digest, expiresAtMs: null }],
      hasForeignToken: true,
    }
    const on = snapshot.apply({ revision: 2, atMs: 0, records: [imported] })
    for (const headers of [{ 'x-api-key': token }, { authorization: `Bearer ${token}` }]) {
      const last = (await authorize(deployment(), { headers }, on)) as Allowed
      expect(last.kind).toBe('allow')
      const later = (record: FeedRecord): Allowed | string =>
        authorizer.authorizeAgain(
          on.apply({ revision: 3, atMs: 0, records: [record] }),
          last,
          requestWith({ headers }),
          null,
          NOW,
        )
      expect(later(imported)).toMatchObject({ kind: 'allow' })
      expect(later({ ...imported, deleted: true })).toBe('key_deleted')
    }
  })

  test('ends when new address rules leave out the address of its client', async () => {
    const rules = (addressRules: string[]): FeedRecord => ({ ...key.record, addressRules })
    expect(await again(deployment(), { headers: withKey(key) }, [rules(['192.0.2.0/24'])])).toBe('allow')
    expect(await again(deployment(), { headers: withKey(key) }, [rules(['198.51.100.0/24'])])).toBe(
      'address_not_allowed',
    )
  })
})
