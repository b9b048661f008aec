import { randomBytes } from 'node:crypto'
import {
  completeSpec,
  makeToken,
  Snapshot,
  type BasicFact,
  type ConsumerRecord,
  type DeploymentRecord,
  type FeedRecord,
  type Grant,
  type JwtFact,
  type KeyId,
  type KeyRecord,
  type RouteFact,
  type SigningKeyRecord,
  type SpecDraft,
  type ValidJwt,
} from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { importedKeyIds } from '../../crypto/derived/imported-key-id.ts'
import { tokenDigest } from '../../crypto/digest.ts'
import { draft } from '../testing/drafts.ts'
import { member } from '../testing/member.ts'
import { problemOf } from '../testing/problems.ts'
import type { VerifiedCredential, VerifyCredentialInput } from './verification.ts'
import { verifyCredential } from './verify-credential.ts'

// Verifications on the records of a snapshot. What a gateway finds, such as a verified JWT, is part of each case.

/** 2027-01-15T08:00:00Z. */
const NOW_MS = 1_800_000_000_000

const ORGANIZATIONS: readonly FeedRecord[] = [
  { kind: 'organization', slug: 'acme' },
  { kind: 'organization', slug: 'rival' },
  { kind: 'environment', organization: 'acme', name: 'prod' },
  { kind: 'environment', organization: 'acme', name: 'test' },
]

function consumer(id: string, fields: Partial<ConsumerRecord> = {}): ConsumerRecord {
  const made = { kind: 'consumer', organization: 'acme', id, name: id, environment: 'prod' } as const
  return { ...made, active: true, pipelines: ['orders'], ...fields }
}

interface HeldKey {
  readonly record: KeyRecord
  readonly token: string
}

function key(name: string, fields: Partial<KeyRecord> = {}): HeldKey {
  const id: KeyId = `key_${name.padEnd(16, '0')}`
  const token = makeToken(fields.type ?? 'secret', id, randomBytes)
  const record: KeyRecord = {
    kind: 'key',
    organization: 'acme',
    id,
    type: 'secret',
    environment: null,
    consumer: null,
    roles: [],
    active: true,
    deleted: false,
    createdAtMs: NOW_MS,
    expiresAtMs: null,
    addressRules: [],
    rateLimits: [],
    secrets: [{ sequence: 1, digest: tokenDigest(token), expiresAtMs: null }],
    ...fields,
  }
  return { record, token }
}

type Demanded = 'apiKey' | 'jwt' | 'basic'

function live(
  pipeline: string,
  demanded: readonly Demanded[],
  trigger: Partial<SpecDraft['trigger']> = {},
  version = '1.0',
): DeploymentRecord {
  const authentication = {
    apiKey: demanded.includes('apiKey'),
    jwt: demanded.includes('jwt'),
    basic: demanded.includes('basic'),
  }
  return {
    kind: 'deployment',
    organization: 'acme',
    environment: 'prod',
    id: `dep_${pipeline}_${version}`,
    pipeline,
    project: 'sales',
    version,
    spec: completeSpec(draft({ authentication, ...trigger }), pipeline, Number.parseInt(version, 10)),
  }
}

const APP = consumer('con_app')
const OTHER = consumer('con_other')
const OFF = consumer('con_off', { active: false })
const THEIRS = consumer('con_theirs', { organization: 'rival' })
/** Keys of `con_app`, of `con_other`, and of the organization itself. */
const APPS = key('apps', { consumer: APP.id, environment: 'prod' })
const OTHERS = key('others', { consumer: OTHER.id, environment: 'prod' })
const OURS = key('ours', { roles: ['invoker'] })
const GUARDED = key('guarded', { roles: ['invoker'], addressRules: ['192.0.2.0/24'] })
const RECORDS = [APP, OTHER, OFF, THEIRS, ...[APPS, OTHERS, OURS, GUARDED].map(({ record }) => record)]

interface Case extends Omit<VerifyCredentialInput, 'organization'> {
  readonly records?: readonly FeedRecord[]
  /** What the gateway finds. */
  readonly found?: { readonly basic?: BasicFact; readonly jwt?: JwtFact; readonly route?: RouteFact }
  /** The grants of the caller. */
  readonly grants?: readonly Grant[]
}

interface Answer extends VerifiedCredential {
  /** The facts that the verification asked the gateway for. */
  readonly asked: readonly unknown[]
}

async function verified({ records = [], found = {}, grants, ...input }: Case): Promise<Answer> {
  const all = [...ORGANIZATIONS, ...RECORDS, ...records]
  const snapshot = Snapshot.empty().apply({ revision: 7, atMs: NOW_MS, records: all })
  const asked: unknown[] = []
  const given = <Fact>(fact: Fact | undefined, question: unknown): Fact => {
    asked.push(question)
    return fact ?? expect.fail('the gateway is asked for a fact that the case does not have')
  }
  const answer = await verifyCredential(
    {
      actor: member({ acme: grants ?? [{ permission: 'keys.verify' }] }),
      nowMs: () => NOW_MS,
      snapshot,
      importedKeyId: importedKeyIds(new Uint8Array(32)),
      facts: {
        route: (environment, method, path, host) =>
          given(found.route, [
            'route',
            environment?.name,
            method,
            path,
            ...(host === undefined ? [] : [host]),
          ]),
        basic: (at, check) => given(found.basic, ['basic', at.revision, check]),
        jwt: (environment, token, nowMs) => given(found.jwt, ['jwt', environment.name, token, nowMs]),
      },
    },
    { organization: 'acme', ...input },
  )
  expect(answer.valid).toBe(answer.code === 'valid')
  expect(answer.asOfRevision).toBe(7)
  return { ...answer, asked }
}

async function codeOf(asked: Case): Promise<string> {
  return (await verified(asked)).code
}

function minted(mintedFor: string | null, fields: Partial<ValidJwt> = {}): ValidJwt {
  return { kind: 'valid', mintedFor, claims: {}, ...fields }
}

const prod = { environment: 'prod' }
const basic = { username: 'app', password: 'secret' }
const isApp: BasicFact = { kind: 'valid', consumer: APP.id }

describe('a JWT without a call', () => {
  const sent = { ...prod, jwt: 'a.b.c' }

  test('is verified by the gateway, for the environment and the time of the verification', async () => {
    expect(await verified({ ...sent, found: { jwt: minted(APP.id) } })).toMatchObject({
      code: 'valid',
      missing: [],
      key: null,
      consumer: APP.id,
      asked: [['jwt', 'prod', 'a.b.c', NOW_MS]],
    })
  })

  test('of a key or of a trusted issuer identifies no consumer', async () => {
    for (const mintedFor of [OURS.record.id, null]) {
      const answer = await verified({ ...sent, found: { jwt: minted(mintedFor) } })
      expect([mintedFor, answer.code, answer.consumer]).toEqual([mintedFor, 'valid', null])
    }
  })

  test.each([
    ['invalid', 'token_invalid'],
    ['expired', 'token_expired'],
    ['ambiguous', 'credential_ambiguous'],
  ] as const)('that the gateway finds %s is %s', async (kind, code) => {
    expect(await verified({ ...sent, found: { jwt: { kind } } })).toMatchObject({ code, consumer: null })
  })

  test('with a text that no header can carry is ambiguous; the gateway is not asked', async () => {
    for (const jwt of ['', 'a.b.c,d.e.f']) {
      expect(await verified({ ...prod, jwt })).toMatchObject({ code: 'credential_ambiguous', asked: [] })
    }
  })

  test('is invalid in an environment that does not exist; the gateway is not asked', async () => {
    const answer = await verified({ jwt: 'a.b.c', environment: 'nowhere' })
    expect(answer).toMatchObject({ code: 'token_invalid', asked: [] })
  })

  test('ends with its age, its signing key and its consumer', async () => {
    const code = async (jwt: JwtFact): Promise<string> => await codeOf({ ...sent, found: { jwt } })
    expect(await code(minted(APP.id, { expiresAtMs: NOW_MS + 1 }))).toBe('valid')
    expect(await code(minted(APP.id, { expiresAtMs: NOW_MS }))).toBe('token_expired')
    expect(await code(minted(OFF.id))).toBe('token_invalid')
    expect(await code(minted('con_removed'))).toBe('token_invalid')
    const verifiedBy: SigningKeyRecord = {
      kind: 'signing-key',
      organization: 'acme',
      environment: 'prod',
      id: 'sig_1',
      algorithm: 'EdDSA',
      publicJwk: { kty: 'OKP' },
      sealedPrivateJwk: '',
      createdAtMs: NOW_MS,
      verifiesUntilMs: null,
    }
    const jwt = minted(APP.id, { verifiedBy })
    const records = (environment: string): FeedRecord[] => [{ ...verifiedBy, environment }]
    expect(await codeOf({ ...sent, found: { jwt }, records: records('prod') })).toBe('valid')
    expect(await codeOf({ ...sent, found: { jwt }, records: records('test') })).toBe('token_invalid')
  })

  test('is valid only from the addresses of the key that logged in', async () => {
    const id = GUARDED.record.id
    for (const jwt of [minted(id), minted(APP.id, { mintedWith: id }), minted(null, { mintedWith: id })]) {
      const from = async (address?: string): Promise<unknown> => {
        const { code, missing } = await verified({ ...sent, address, found: { jwt } })
        return [code, missing]
      }
      expect(await from('192.0.2.7')).toEqual(['valid', []])
      expect(await from('192.0.3.7')).toEqual(['address_not_allowed', []])
      expect(await from()).toEqual(['address_not_allowed', ['address']])
    }
    expect(await codeOf({ ...sent, found: { jwt: minted(APP.id, { mintedWith: OURS.record.id }) } })).toBe(
      'valid',
    )
  })
})

describe('credentials without a call', () => {
  test('a password is checked by the gateway, and identifies its consumer', async () => {
    expect(await verified({ ...prod, basic, found: { basic: isApp } })).toMatchObject({
      code: 'valid',
      missing: [],
      key: null,
      consumer: APP.id,
      asked: [['basic', 7, { organization: 'acme', environment: 'prod', ...basic }]],
    })
  })

  test.each<[string, BasicFact]>([
    ['wrong', { kind: 'invalid' }],
    ['of a removed consumer', { kind: 'valid', consumer: 'con_removed' }],
    ['of a consumer that is switched off', { kind: 'valid', consumer: OFF.id }],
    ["of another organization's consumer", { kind: 'valid', consumer: THEIRS.id }],
  ])('a password %s is invalid', async (_name, fact) => {
    const answer = await verified({ ...prod, basic, found: { basic: fact } })
    expect(answer).toMatchObject({ code: 'basic_invalid', consumer: null })
  })

  const cases: readonly (readonly [string, Case, code: string, consumer: string | null])[] = [
    ['key and password of one consumer', { token: APPS.token, basic }, 'valid', APP.id],
    ['key and password of two consumers', { token: OTHERS.token, basic }, 'basic_invalid', OTHER.id],
    ['a key without a consumer, and a password', { token: OURS.token, basic }, 'valid', APP.id],
    [
      'password and JWT of one consumer',
      { basic, jwt: 'x', found: { jwt: minted(APP.id) } },
      'valid',
      APP.id,
    ],
    [
      'password and JWT of two consumers',
      { basic, jwt: 'x', found: { jwt: minted(OTHER.id) } },
      'token_wrong_consumer',
      APP.id,
    ],
    [
      'the JWT of a key, and a password',
      { basic, jwt: 'x', found: { jwt: minted(OURS.record.id) } },
      'token_wrong_consumer',
      APP.id,
    ],
    [
      'key and JWT of one consumer',
      { token: APPS.token, jwt: 'x', found: { jwt: minted(APP.id) } },
      'valid',
      APP.id,
    ],
    [
      'key and JWT of two consumers',
      { token: APPS.token, jwt: 'x', found: { jwt: minted(OTHER.id) } },
      'token_wrong_consumer',
      APP.id,
    ],
    [
      'a key without a consumer, and its own JWT',
      { token: OURS.token, jwt: 'x', found: { jwt: minted(OURS.record.id) } },
      'valid',
      null,
    ],
    [
      'a key of a consumer, and the JWT of the key itself',
      { token: APPS.token, jwt: 'x', found: { jwt: minted(APPS.record.id) } },
      'valid',
      APP.id,
    ],
    [
      'a key without a consumer, and the JWT of another key',
      { token: OURS.token, jwt: 'x', found: { jwt: minted(GUARDED.record.id) } },
      'token_wrong_consumer',
      null,
    ],
    [
      'a key without a consumer, and the JWT of a consumer',
      { token: OURS.token, jwt: 'x', found: { jwt: minted(APP.id) } },
      'token_wrong_consumer',
      null,
    ],
    [
      "a key and a trusted issuer's JWT",
      { token: APPS.token, jwt: 'x', found: { jwt: minted(null) } },
      'valid',
      APP.id,
    ],
  ]
  test.each(cases)('%s', async (_name, { found, ...sent }, code, consumerId) => {
    const answer = await verified({ ...prod, ...sent, found: { basic: isApp, ...found } })
    expect([answer.code, answer.consumer]).toEqual([code, consumerId])
  })

  test('of a key that is bound to an environment are valid there, and where no environment is named', async () => {
    expect(await codeOf({ token: APPS.token })).toBe('valid')
    expect(await codeOf({ token: APPS.token, environment: 'prod' })).toBe('valid')
    expect(await codeOf({ token: APPS.token, environment: 'test' })).toBe('key_wrong_environment')
  })

  test('another secret than those of the key is invalid, and reveals nothing', async () => {
    const token = makeToken('secret', APPS.record.id, randomBytes)
    expect(await verified({ token })).toMatchObject({ code: 'credential_invalid', key: null, consumer: null })
  })
})

describe('a call', () => {
  const call = { ...prod, pipeline: 'orders' }

  test('asks the gateway once for each credential that the pipeline demands', async () => {
    const records = [live('orders', ['apiKey', 'jwt', 'basic'])]
    const found = { basic: isApp, jwt: minted(APP.id) }
    const answer = await verified({ ...call, token: APPS.token, jwt: 'x', basic, records, found })
    expect(answer).toMatchObject({ code: 'valid', missing: [], consumer: APP.id })
    expect(answer.asked.map((question) => Array.isArray(question) && question[0])).toEqual(['basic', 'jwt'])
  })

  test.each<[Demanded, string, string]>([
    ['apiKey', 'credential_missing', 'token'],
    ['jwt', 'token_missing', 'jwt'],
    ['basic', 'basic_invalid', 'basic'],
  ])('without the %s that the pipeline demands is %s', async (demanded, code, part) => {
    const answer = await verified({ ...call, records: [live('orders', [demanded])] })
    expect(answer).toMatchObject({ code, missing: [part], consumer: null, asked: [] })
  })

  test('needs nothing that the pipeline does not demand', async () => {
    expect(await verified({ ...call, records: [live('orders', [])] })).toMatchObject({
      code: 'valid',
      missing: [],
      key: null,
      consumer: null,
    })
  })

  const all = { token: APPS.token, basic, jwt: 'x' }
  test.each<[string, readonly Demanded[], Case, string]>([
    [
      'a wrong password',
      ['apiKey', 'jwt'],
      { ...all, found: { basic: { kind: 'invalid' } } },
      'basic_invalid',
    ],
    ['a wrong JWT', ['apiKey', 'basic'], { ...all, found: { jwt: { kind: 'invalid' } } }, 'token_invalid'],
    ["another consumer's password", ['apiKey'], { token: OTHERS.token, basic }, 'basic_invalid'],
    ['a key whose addresses exclude the caller', [], { token: GUARDED.token }, 'address_not_allowed'],
  ])('with %s is refused, although the pipeline demands only %j', async (_name, demanded, sent, code) => {
    const records = [live('orders', demanded)]
    const found = { basic: isApp, jwt: minted(APP.id), ...sent.found }
    expect(await codeOf({ ...call, ...sent, records, found })).toBe(code)
  })

  test('names the consumer of a credential that the pipeline does not demand, or of a refused key', async () => {
    const records = [live('orders', [])]
    expect(await verified({ ...call, token: APPS.token, records })).toMatchObject({
      code: 'valid',
      consumer: APP.id,
    })
    const closed = [live('closed', ['apiKey'])]
    expect(await verified({ ...prod, pipeline: 'closed', token: APPS.token, records: closed })).toMatchObject(
      {
        code: 'pipeline_not_allowed',
        key: { id: APPS.record.id },
        consumer: APP.id,
      },
    )
  })

  test('with a path is routed by the gateway, and must reach the named pipeline', async () => {
    const deployment = live('orders', [])
    const route: RouteFact = { kind: 'found', deployment }
    const sent = { ...prod, method: 'post', path: '/o/1', found: { route } }
    expect(await verified(sent)).toMatchObject({
      code: 'valid',
      asked: [['route', 'prod', 'POST', '/o/1']],
    })
    const { method: _method, ...anyMethod } = sent
    expect((await verified(anyMethod)).asked).toEqual([['route', 'prod', undefined, '/o/1']])
    expect((await verified({ ...sent, environment: 'nowhere' })).asked).toEqual([
      ['route', undefined, 'POST', '/o/1'],
    ])
    expect(await codeOf({ ...sent, pipeline: 'orders' })).toBe('valid')
    expect(await codeOf({ ...sent, pipeline: 'invoices' })).toBe('route_not_found')
    const refused = { kind: 'method_not_allowed', allowed: ['GET'] } as const
    expect(await codeOf({ ...sent, pipeline: 'orders', found: { route: refused } })).toBe(
      'method_not_allowed',
    )
  })

  test('without a path reaches the newest live major that has the method', async () => {
    const versions = [
      live('orders', ['basic'], { methods: ['GET', 'PUT'] }, '2.0'),
      live('orders', [], { methods: ['GET'] }, '10.0'),
      live('orders', ['jwt'], { methods: ['DELETE'] }, '9.0'),
      live('invoices', ['apiKey'], { methods: ['GET', 'PUT', 'PATCH'] }, '11.0'),
    ]
    for (const records of [versions, versions.toReversed()]) {
      expect(await codeOf({ ...call, records })).toBe('valid')
      expect(await codeOf({ ...call, records, method: 'HEAD' })).toBe('valid')
      expect(await codeOf({ ...call, records, method: 'put' })).toBe('basic_invalid')
      expect(await codeOf({ ...call, records, method: 'DELETE' })).toBe('token_missing')
      expect(await codeOf({ ...call, records, method: 'PATCH' })).toBe('method_not_allowed')
      expect(await codeOf({ ...call, records, pipeline: 'order' })).toBe('route_not_found')
      expect(await codeOf({ ...call, records, environment: 'nowhere' })).toBe('route_not_found')
    }
    const [, , deletes] = versions
    expect(await codeOf({ ...call, records: deletes === undefined ? [] : [deletes], method: 'HEAD' })).toBe(
      'method_not_allowed',
    )
  })
})

describe('a key', () => {
  const sent = { ...prod, pipeline: 'orders' }

  test('is found only by a token that a header can carry', async () => {
    for (const token of ['', `${OURS.token},${OURS.token}`]) {
      expect(await verified({ token })).toMatchObject({ code: 'credential_ambiguous', key: null })
    }
    for (const token of ['nonsense', key('unknown').token]) {
      expect(await verified({ token })).toMatchObject({ code: 'credential_invalid', key: null })
    }
  })

  test.each<[Partial<KeyRecord>, string]>([
    [{ active: false }, 'key_inactive'],
    [{ deleted: true }, 'key_deleted'],
    [{ expiresAtMs: NOW_MS }, 'key_expired'],
    [{ expiresAtMs: NOW_MS + 1 }, 'valid'],
    [{ consumer: OFF.id }, 'key_inactive'],
  ])('with %j is %s, with a call or without', async (state, code) => {
    const { record, token } = key('state', { roles: ['invoker'], ...state })
    const records = [record, live('orders', ['apiKey'])]
    expect(await codeOf({ token, records })).toBe(code)
    expect(await codeOf({ ...sent, token, records })).toBe(code)
  })

  test('of another organization is unknown, unless it is switched on here', async () => {
    const { record, token } = key('foreign', { organization: 'rival', roles: ['owner'] })
    const external = {
      kind: 'external-key',
      organization: 'acme',
      id: 'ext_1',
      keyId: record.id,
      roles: ['invoker'],
      addressRules: [],
      rateLimits: [],
    } as const
    for (const records of [[record], [record, { ...external, active: false }]]) {
      expect(await verified({ token, records })).toMatchObject({ code: 'credential_invalid', key: null })
    }
    expect(await codeOf({ token, records: [record, { ...external, active: true }] })).toBe('valid')
  })

  test('calls only from its addresses', async () => {
    const call = { ...sent, token: GUARDED.token, records: [live('orders', ['apiKey'])] }
    expect(await verified({ ...call, address: '192.0.2.1' })).toMatchObject({ code: 'valid', missing: [] })
    expect(await verified({ ...call, address: '192.0.3.1' })).toMatchObject({
      code: 'address_not_allowed',
      missing: [],
    })
    expect(await verified(call)).toMatchObject({ code: 'address_not_allowed', missing: ['address'] })
  })

  test('calls within every limit, and never sends a preflight', async () => {
    const cors = { origins: ['*'], headers: [], credentials: false }
    const rateLimits = [{ requests: 1, per: 'day', by: 'credential' }] as const
    const records = [live('orders', ['apiKey'], { cors, methods: ['OPTIONS'], rateLimits })]
    expect(await codeOf({ ...sent, token: OURS.token, method: 'OPTIONS', records })).toBe('valid')
    expect(await codeOf({ ...sent, method: 'OPTIONS', records })).toBe('credential_missing')
  })

  test('that is bound to an environment has its permissions there only', async () => {
    const { record, token } = key('bound', { environment: 'prod', roles: ['invoker'] })
    const asked = { token, permission: 'pipelines.invoke', records: [record] } as const
    expect(await codeOf({ ...asked, ...prod })).toBe('valid')
    expect(await codeOf(asked)).toBe('permission_missing')
  })
})

describe('a permission', () => {
  const role = (name: string, scope: Omit<Grant, 'permission'>): FeedRecord => ({
    kind: 'role',
    organization: 'acme',
    name,
    grants: [{ permission: 'pipelines.deploy', ...scope }],
  })
  const permission = 'pipelines.deploy'
  const records = [
    live('orders', []),
    role('prod', { environment: 'prod' }),
    role('sales', { project: 'sales' }),
    role('orders', { pipeline: 'orders' }),
  ]

  async function codes(roles: readonly string[], asked: Case): Promise<string> {
    const { record, token } = key('scoped', { roles })
    return await codeOf({ token, permission, ...asked, records: [...records, record] })
  }

  test('is checked for the environment, and for the project and pipeline of the call', async () => {
    for (const [name, found] of [
      ['orders', undefined],
      [undefined, { route: { kind: 'found', deployment: live('orders', []) } }],
    ] as const) {
      const call = name === undefined ? { ...prod, path: '/o', found } : { ...prod, pipeline: name }
      expect(await codes(['prod'], call)).toBe('valid')
      expect(await codes(['sales'], call)).toBe('valid')
      expect(await codes(['orders'], call)).toBe('valid')
    }
    expect(await codes(['prod'], { environment: 'prod' })).toBe('valid')
    expect(await codes(['prod'], { environment: 'test' })).toBe('permission_missing')
    expect(await codes(['prod'], {})).toBe('permission_missing')
    expect(await codes(['sales', 'orders'], { environment: 'prod' })).toBe('permission_missing')
  })

  test('is missing without a key', async () => {
    expect(await codeOf({ ...prod, pipeline: 'orders', permission, records })).toBe('permission_missing')
  })

  test('comes after the credentials', async () => {
    expect(await codes([], { ...prod, jwt: 'x', found: { jwt: { kind: 'invalid' } } })).toBe('token_invalid')
    expect(
      await codes([], { ...prod, pipeline: 'orders', jwt: 'x', found: { jwt: { kind: 'invalid' } } }),
    ).toBe('token_invalid')
  })
})

describe('the key of an answer', () => {
  test('has its environment, consumer, roles and labels', async () => {
    const { record, token } = key('described', {
      environment: 'prod',
      consumer: APP.id,
      roles: ['invoker'],
      labels: { team: 'payments' },
    })
    expect((await verified({ token, records: [record] })).key).toEqual({
      id: record.id,
      isPublic: false,
      organization: 'acme',
      environment: 'prod',
      consumer: APP.id,
      roles: ['invoker'],
      labels: { team: 'payments' },
    })
  })

  test('has no roles if it is public', async () => {
    const { record, token } = key('site', { type: 'public', roles: ['owner'] })
    const answer = await verified({ token, permission: 'keys.read', records: [record] })
    expect(answer).toMatchObject({ code: 'permission_missing', key: { isPublic: true, roles: [] } })
  })

  test("shows nothing of the key's own organization if it is external", async () => {
    const { record, token } = key('partner', {
      organization: 'rival',
      consumer: THEIRS.id,
      environment: 'staging',
      roles: ['owner'],
      labels: { team: 'payments' },
    })
    const external = {
      kind: 'external-key',
      organization: 'acme',
      id: 'ext_1',
      keyId: record.id,
      roles: ['auditor'],
      active: true,
      addressRules: [],
      rateLimits: [],
    } as const
    const sent = { token, ...prod, records: [record, external] }
    const answer = await verified(sent)
    expect(answer).toMatchObject({ code: 'valid', consumer: null })
    expect(answer.key).toEqual({
      id: record.id,
      isPublic: false,
      organization: 'rival',
      environment: null,
      consumer: null,
      roles: ['auditor'],
      labels: {},
    })
    // The gateway decides with the owner's consumer, for rate limits and JWTs.
    const call = { ...sent, pipeline: 'orders', records: [...sent.records, live('orders', ['apiKey'])] }
    const [, entry] = sent.records
    const invoker = { ...entry, roles: ['invoker'] } as FeedRecord
    const called = await verified({ ...call, records: [...call.records, invoker] })
    expect(called).toMatchObject({ code: 'valid', consumer: null, key: { consumer: null } })
    const jwt = { ...prod, jwt: 'a.b.c', found: { jwt: minted(THEIRS.id, { mintedWith: record.id }) } }
    expect(await verified({ ...jwt, records: sent.records })).toMatchObject({ code: 'valid', consumer: null })
    expect(await codeOf({ ...sent, permission: 'keys.read' })).toBe('valid')
    expect(await codeOf({ ...sent, permission: 'keys.create' })).toBe('permission_missing')
    // It works in every environment, so a caller of one environment does not know it.
    const grants = [{ permission: 'keys.verify', environment: 'prod' }] as const
    expect(await verified({ ...sent, grants })).toMatchObject({ code: 'credential_invalid', key: null })
    expect(await codeOf({ token: APPS.token, ...prod, grants })).toBe('valid')
  })
})

describe('a request', () => {
  test('names what it lacks', async () => {
    const errorsOf = async (asked: Case): Promise<unknown> =>
      (await problemOf(verified(asked))).extensions['errors']
    expect(await errorsOf({})).toEqual([
      { path: '', message: 'Send a token, a jwt or basic, or the pipeline or path of a call.' },
    ])
    expect(await errorsOf({ jwt: 'x', path: '/o' })).toEqual([
      { path: '/environment', message: 'The environment is needed with jwt and path.' },
    ])
    expect(await errorsOf({ basic, pipeline: 'orders' })).toEqual([
      { path: '/environment', message: 'The environment is needed with basic and pipeline.' },
    ])
  })

  test('needs the permission in its environment', async () => {
    const grants = [{ permission: 'keys.verify', environment: 'prod' }] as const
    expect(await codeOf({ token: APPS.token, ...prod, grants })).toBe('valid')
    for (const where of [{ environment: 'test' }, {}]) {
      const refused = await problemOf(verified({ token: APPS.token, ...where, grants }))
      expect(refused.extensions).toEqual({ permission: 'keys.verify' })
    }
  })
})
