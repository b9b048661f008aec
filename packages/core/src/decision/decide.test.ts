import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { encodeBase62 } from '../keys/base62.ts'
import { crc32, type KeyId } from '../keys/key-text.ts'
import { readCredentials } from './credentials.ts'
import { decide } from './decide.ts'
import type { Ask, Decision, RouteFact } from './decision.ts'
import { PROBLEMS } from '../problems/problems.ts'
import { type FeedRecord, recordIdentity } from '../snapshot/feed-record.ts'
import { Snapshot } from '../snapshot/snapshot.ts'

/** `vectors/README.md` describes the format. */
interface VectorFile {
  readonly defaults: Readonly<Record<string, object>>
  readonly tokens: Readonly<Record<string, VectorToken>>
  readonly snapshots: Readonly<Record<string, { extends?: string; records: readonly VectorRecord[] }>>
  readonly cases: readonly VectorCase[]
}
type VectorToken =
  | { readonly type: 'public' | 'secret'; readonly keyId: string; readonly secret: string }
  | { readonly text: string; readonly keyId: string }
  | { readonly of: string; step?: number; cut?: number; append?: string; put?: [number, string] }
interface VectorRecord {
  readonly kind: FeedRecord['kind']
  readonly trigger?: object
  readonly secrets?: readonly { token: string }[]
}
interface VectorCase {
  readonly name: string
  readonly neighbourOf?: string
  readonly snapshot: string
  readonly ask: Pick<Ask, 'addressAllowed' | 'basic' | 'jwt' | 'limit'> & {
    readonly route: VectorRoute
    readonly preflight?: boolean
    readonly headers: readonly string[]
    readonly query?: readonly string[]
  }
  readonly nowMs: number
  readonly expected: { readonly kind: string; readonly reason?: string; readonly status?: number }
}
type VectorRoute =
  | { readonly organization: string; readonly environment: string; readonly pipeline: string }
  | { readonly notFound: true }
  | { readonly methodNotAllowed: readonly string[] }

const vectors = JSON.parse(
  readFileSync(new URL('../../../../vectors/decisions.json', import.meta.url), 'utf8'),
) as VectorFile

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function tokenText(name: string): string {
  const token = vectors.tokens[name]
  if (token === undefined) throw new Error(`no token ${name}`)
  if ('text' in token) return token.text
  if ('type' in token) {
    const secret = sha256(token.secret).toString('hex').slice(0, 32)
    const body = `sp_${token.type === 'public' ? 'pk' : 'sk'}_${token.keyId.slice(4)}_${secret}`
    return body + encodeBase62(crc32(body, body.length), 6)
  }
  const text = tokenText(token.of)
  const put = (at: number, character: string) => text.slice(0, at) + character + text.slice(at + 1)
  if (token.step !== undefined) {
    return put(token.step, BASE62.charAt((BASE62.indexOf(text.charAt(token.step)) + 1) % 62))
  }
  if (token.put !== undefined) return put(...token.put)
  return text.slice(0, text.length - (token.cut ?? 0)) + (token.append ?? '')
}

function fillIn(text: string): string {
  return text.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => tokenText(name))
}

/** A snapshot's records without defaults. A record with the identity of an earlier one is merged over it. */
function rawRecords(name: string): Map<string, VectorRecord> {
  const snapshot = vectors.snapshots[name]
  if (snapshot === undefined) throw new Error(`no snapshot ${name}`)
  const records =
    snapshot.extends === undefined ? new Map<string, VectorRecord>() : rawRecords(snapshot.extends)
  for (const record of snapshot.records) {
    const identity = recordIdentity(record as FeedRecord)
    if (record.kind === 'removed') records.delete(identity)
    else records.set(identity, { ...records.get(identity), ...record })
  }
  return records
}

function complete(record: VectorRecord): FeedRecord {
  const { trigger, ...rest } = { ...vectors.defaults[record.kind], ...record }
  return {
    ...rest,
    ...(record.kind === 'deployment' && {
      spec: { trigger: { ...vectors.defaults['trigger'], ...trigger }, steps: [] },
    }),
    ...(record.secrets !== undefined && {
      secrets: record.secrets.map(({ token, ...secret }) => ({
        ...vectors.defaults['secret'],
        ...secret,
        digest: sha256(tokenText(token)).toString('hex'),
      })),
    }),
  } as FeedRecord
}

const snapshots = new Map<string, Snapshot>()

/** The snapshot with this name. Snapshots are immutable, so the cases share them. */
function snapshotOf(name: string): Snapshot {
  const known = snapshots.get(name)
  if (known !== undefined) return known
  const records = [...rawRecords(name).values()].map(complete)
  const snapshot = Snapshot.empty().apply({ revision: 1, atMs: 0, records })
  snapshots.set(name, snapshot)
  return snapshot
}

function routeOf(snapshot: Snapshot, route: VectorRoute): RouteFact {
  if ('notFound' in route) return { kind: 'not_found' }
  if ('methodNotAllowed' in route) return { kind: 'method_not_allowed', allowed: route.methodNotAllowed }
  const environment = snapshot.environment(route.organization, route.environment)
  for (const deployment of environment?.deployments.values() ?? []) {
    if (deployment.pipeline === route.pipeline) return { kind: 'found', deployment }
  }
  throw new Error(`no deployment of ${route.pipeline}`)
}

/** The id of the key with a foreign token, if there can be one: that of the vectors, or one that no key has. */
function importedKeyId({ keys }: Snapshot, text: string): KeyId | null {
  if (keys.foreignCount === 0) return null
  for (const token of Object.values(vectors.tokens)) {
    if ('text' in token && token.text === text) return token.keyId as KeyId
  }
  return 'key_nobody0000000000'
}

function decisionOf({ snapshot: snapshotName, ask, nowMs }: VectorCase) {
  const snapshot = snapshotOf(snapshotName)
  const { headers, query = [], preflight = false, ...facts } = ask
  const route = routeOf(snapshot, ask.route)
  // A gateway reads the key from the query only when the trigger allows it.
  const readsQuery = route.kind === 'found' && route.deployment.spec.trigger.apiKeyInQuery
  const { apiKey } = readCredentials(headers.map(fillIn), readsQuery ? query.map(fillIn) : [])
  const foreignKeyId = apiKey.kind === 'foreign' ? importedKeyId(snapshot, apiKey.token) : null
  const token =
    apiKey.kind === 'token' ? apiKey.parsed.token : apiKey.kind === 'foreign' ? apiKey.token : null
  const digest = token === null ? null : sha256(token)
  return decide(snapshot, { ...facts, route, preflight, apiKey, digest, foreignKeyId }, nowMs)
}

describe('decide, by vectors/decisions.json', () => {
  test.each(vectors.cases)('$name', (vector) => {
    const { status, ...expected } = vector.expected
    const decision = decisionOf(vector)
    expect(decision).toMatchObject(expected)
    if (decision.kind === 'deny') expect(PROBLEMS[decision.reason].status).toBe(status)
  })
})

const NOW = 1_800_000_000_000

/** The decision about a request to a pipeline of acme's production. */
function decisionAt(
  pipeline: string,
  key: string | null,
  facts: Pick<Ask, 'addressAllowed' | 'basic' | 'jwt' | 'limit'> = {},
  { snapshot = 'base', nowMs = NOW } = {},
): Decision {
  const route = { organization: 'acme', environment: 'prod', pipeline }
  const headers = key === null ? [] : ['x-api-key', `{${key}}`]
  return decisionOf({ name: '', snapshot, ask: { route, headers, ...facts }, nowMs, expected: { kind: '' } })
}

const MOBILE_BASIC = { kind: 'valid', consumer: 'con_mobile' } as const
const MOBILE_JWT = { kind: 'valid', mintedFor: 'con_mobile', claims: { sub: 'user-1' } } as const
const LIMIT = { requests: 100, per: 'minute', by: 'credential' } as const
const BUDGETS = [{ of: 'pipeline', limit: LIMIT, remaining: 7, resetAfterMs: 600 }] as const

describe('an allowed request', () => {
  test('ends with the key, the secret or the JWT that ends first', () => {
    const endOf = (...of: Parameters<typeof decisionAt>) => {
      const decision = decisionAt(...of)
      return decision.kind === 'allow' ? decision.endsAtMs : decision
    }
    const before = { nowMs: NOW - 10 }
    expect(endOf('open', null)).toBe(Infinity)
    expect(endOf('orders', 'mobile')).toBe(Infinity)
    expect(endOf('orders', 'mobile', {}, { ...before, snapshot: 'mobile expires' })).toBe(NOW)
    expect(endOf('orders', 'mobile', {}, { ...before, snapshot: 'mobile rolling' })).toBe(NOW)
    expect(endOf('orders', 'mobile-2', {}, { ...before, snapshot: 'mobile rolling' })).toBe(Infinity)
    const jwt = { ...MOBILE_JWT, expiresAtMs: NOW - 5 }
    expect(endOf('jwt', null, { jwt }, before)).toBe(NOW - 5)
    expect(endOf('key-jwt', 'mobile', { jwt }, { ...before, snapshot: 'mobile expires' })).toBe(NOW - 5)
    const later = { ...MOBILE_JWT, expiresAtMs: NOW + 5 }
    expect(endOf('key-jwt', 'mobile', { jwt: later }, { ...before, snapshot: 'mobile expires' })).toBe(NOW)
    // The key that logged in ends first.
    const login = { ...later, mintedWith: 'key_mobile0000000000' } as const
    expect(endOf('jwt', null, { jwt: login }, { ...before, snapshot: 'mobile expires' })).toBe(NOW)
  })

  test('keeps the facts with which it can be decided again, and none that its pipeline does not require', () => {
    const facts = { basic: MOBILE_BASIC, jwt: MOBILE_JWT }
    expect(decisionAt('basic-jwt', null, facts)).toMatchObject({ kind: 'allow', ...facts })
    expect(decisionAt('basic', null, facts)).toMatchObject({ kind: 'allow', basic: MOBILE_BASIC, jwt: null })
    expect(decisionAt('jwt', null, facts)).toMatchObject({ kind: 'allow', basic: null, jwt: MOBILE_JWT })
    expect(decisionAt('orders', 'mobile', facts)).toMatchObject({ kind: 'allow', basic: null, jwt: null })
  })

  test('has the budgets that the limiter reports, if any', () => {
    const limit = { kind: 'within', budgets: BUDGETS } as const
    expect(decisionAt('limited', 'mobile', { limit })).toMatchObject({ kind: 'allow', budgets: BUDGETS })
    expect(decisionAt('limited', 'mobile', { limit: { kind: 'within' } })).toMatchObject({ budgets: [] })
    expect(decisionAt('orders', 'mobile')).toMatchObject({ kind: 'allow', budgets: [] })
  })
})

describe('a denied request', () => {
  const NOTHING = { allowed: [], retryAfterMs: 0, budgets: [] }
  const SECRET = { keyId: 'key_mobile0000000000', sequence: 1 }

  test('names its deployment, and the secret that was verified before another check failed', () => {
    expect(decisionAt('orders', null)).toMatchObject({
      reason: 'credential_missing',
      deployment: { pipeline: 'orders' },
      secret: null,
      ...NOTHING,
    })
    expect(decisionAt('key-basic', 'mobile', { basic: { kind: 'invalid' } })).toMatchObject({
      reason: 'basic_invalid',
      deployment: { pipeline: 'key-basic' },
      secret: SECRET,
      ...NOTHING,
    })
    expect(decisionAt('key-jwt', 'mobile', { jwt: { kind: 'expired' } })).toMatchObject({
      reason: 'token_expired',
      secret: SECRET,
    })
    expect(decisionAt('invoices', 'mobile')).toMatchObject({
      reason: 'pipeline_not_allowed',
      secret: SECRET,
      consumer: 'con_mobile',
    })
  })

  test('does not name the consumer of a key of another organization', () => {
    const denied = decisionAt('limited', 'extbound', { limit: { kind: 'exceeded', retryAfterMs: 600 } })
    expect(denied).toMatchObject({ kind: 'deny', secret: { isExternal: true }, consumer: null })
  })

  test('names the secret of a key that no longer counts', () => {
    const states = { 'mobile inactive': 'key_inactive', 'mobile deleted': 'key_deleted' } as const
    for (const [snapshot, reason] of Object.entries(states)) {
      expect(decisionAt('orders', 'mobile', {}, { snapshot })).toMatchObject({ reason, secret: SECRET })
    }
  })

  test('has budgets and a waiting time if it exceeds a limit', () => {
    const limit = { kind: 'exceeded', retryAfterMs: 600 } as const
    expect(decisionAt('limited', 'mobile', { limit: { ...limit, budgets: BUDGETS } })).toMatchObject({
      reason: 'rate_limited',
      deployment: { pipeline: 'limited' },
      secret: SECRET,
      retryAfterMs: 600,
      budgets: BUDGETS,
    })
    expect(decisionAt('limited', 'mobile', { limit })).toMatchObject({ ...NOTHING, retryAfterMs: 600 })
  })

  test('has an invalid key if the digest of its token is missing', () => {
    const route = { organization: 'acme', environment: 'prod', pipeline: 'orders' }
    const snapshot = snapshotOf('base')
    const { apiKey } = readCredentials(['x-api-key', tokenText('mobile')])
    const ask: Ask = { route: routeOf(snapshot, route), preflight: false, apiKey, digest: null }
    expect(decide(snapshot, ask, NOW)).toMatchObject({ reason: 'credential_invalid', secret: null })
    const digest = sha256(tokenText('mobile'))
    expect(decide(snapshot, { ...ask, digest }, NOW)).toMatchObject({ kind: 'allow' })
  })

  test('has no deployment if it matches no route', () => {
    const ask: Ask = {
      route: { kind: 'not_found' },
      preflight: false,
      apiKey: { kind: 'missing' },
      digest: null,
    }
    const nowhere = { deployment: null, secret: null, consumer: null, ...NOTHING }
    expect(decide(Snapshot.empty(), ask, NOW)).toEqual({
      kind: 'deny',
      reason: 'route_not_found',
      ...nowhere,
    })
    const route = { kind: 'method_not_allowed', allowed: ['GET'] } as const
    expect(decide(Snapshot.empty(), { ...ask, route }, NOW)).toEqual({
      kind: 'deny',
      reason: 'method_not_allowed',
      ...nowhere,
      allowed: ['GET'],
    })
  })
})

describe('the vectors', () => {
  const byName = new Map(vectors.cases.map((each) => [each.name, each]))
  const isValid = ({ expected }: VectorCase) => expected.kind === 'allow' || expected.kind === 'preflight'

  test('number at least 200 and have distinct names', () => {
    expect(vectors.cases.length).toBeGreaterThanOrEqual(200)
    expect(byName.size).toBe(vectors.cases.length)
  })

  test('have an invalid neighbour for each valid case', () => {
    const withNeighbour = new Set(vectors.cases.map((each) => each.neighbourOf))
    expect(vectors.cases.filter((each) => isValid(each) && !withNeighbour.has(each.name))).toEqual([])
  })

  test.each(vectors.cases.filter((each) => each.neighbourOf !== undefined))(
    '$name: is denied and differs in one field from its valid neighbour',
    (invalid) => {
      const valid = byName.get(invalid.neighbourOf ?? '')
      if (valid === undefined) throw new Error('unknown neighbour')
      expect([isValid(valid), invalid.expected.kind]).toEqual([true, 'deny'])
      const parts = (each: VectorCase) =>
        new Map<string, unknown>([
          ...Object.entries(each.ask),
          ['snapshot', each.snapshot],
          ['nowMs', each.nowMs],
        ])
      const [one, other] = [parts(valid), parts(invalid)]
      const different = [...new Set([...one.keys(), ...other.keys()])].filter(
        (name) => JSON.stringify(one.get(name)) !== JSON.stringify(other.get(name)),
      )
      expect(different).toHaveLength(1)
      if (different[0] === 'nowMs') expect(Math.abs(valid.nowMs - invalid.nowMs)).toBe(1)
    },
  )
})
