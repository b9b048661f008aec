import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  EnvironmentHosts,
  type KeyId,
  ORGANIZATIONS_FOUNDED_DEFAULT,
  QUOTA_LIMITS_DEFAULT,
} from '@sallyport/core'
import type { LightMyRequestResponse } from 'fastify'
import { Registry } from 'prom-client'
import type { GatewayFacts } from '../../app/keys/verification.ts'
import { findToken } from '../../app/keys/lookup-key.ts'
import { verifyCredential } from '../../app/keys/verify-credential.ts'
import { RecentRequests, windowOf } from '../../requests/recent-requests.ts'
import { openStore, type StoreSettings } from '../../store/open.ts'
import type { Store } from '../../store/port/store.ts'
import { createMigratedFile } from '../../store/testing/migrated-file.ts'
import { Follower } from '../../sync/follower.ts'
import {
  confirmRevision,
  UNKNOWN_FACTS,
  statusOfGateways,
  type ReportingGateway,
} from '../../sync/receipts.ts'
import { SnapshotCell } from '../../sync/snapshot-cell.ts'
import { createLogger } from '../../telemetry/logger.ts'
import { RequestDurations } from '../../telemetry/request-durations.ts'
import { TrialExpressions } from '../../expression/trial-expressions.ts'
import { importedKeyIds } from '../../crypto/derived/imported-key-id.ts'
import { seal, unseal, type Sealer } from '../../crypto/seal.ts'
import { SignInProviders } from '../../identity/providers/sign-in-providers.ts'
import { buildControl } from '../build-control.ts'
import { drainable } from '../start-control.ts'
import type { ControlApp } from '../routing/control-app.ts'
import type { ControlDeps } from '../routing/dependencies.ts'

/** 2026-01-01T00:00:00Z, where every test starts. */
const START_MS = 1_767_225_600_000
/** The URL that browsers would know the API by. */
export const PUBLIC_URL = 'http://127.0.0.1:8080'
export const SETUP_TOKEN = 'set-up-of-this-test'
/** The path of the organization `acme`. */
export const ACME = '/v1/organizations/acme'

/** No test of the API verifies a path, a password or a JWT; `composition/verify.test.ts` uses a gateway's facts. */
const NO_FACTS: GatewayFacts = { route: noFact, basic: noFact, jwt: noFact }

function noFact(): never {
  throw new Error('a test of the API verifies only tokens')
}

/** A management API over a real store and a real follower, with a clock that only tests move. */
export interface ControlWorld extends AsyncDisposable {
  readonly app: ControlApp
  readonly store: Store
  readonly clock: { nowMs: number }
  readonly cell: SnapshotCell
  /** The requests that the gateway has seen. */
  readonly recent: RecentRequests
  /** The folder of the store's files. */
  readonly folder: string
  /** Opens a sealed value, as a gateway does. */
  readonly unseal: Sealer['unseal']
  /** The id of the key that was imported with a token of this SHA-256. */
  readonly importedKeyId: (digest: Uint8Array) => KeyId
  /** The complete log. */
  readonly log: () => string
  /** Calls the API without a socket. */
  call(method: Method, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** The port of a real socket, opened at the first call. */
  port(): Promise<number>
}

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A response with its parsed body. */
export interface Answer {
  readonly status: number
  readonly headers: LightMyRequestResponse['headers']
  readonly body: Json
}

/** JSON for tests: every member may exist. */
export interface Json {
  readonly [member: string]: Json
}

/**
 * @param overrides of the dependencies of the API
 * @param wrapped the store that the API uses, around the real one
 * @param database an empty database; a SQLite file unless given
 */
export async function openControlWorld(
  overrides: Partial<ControlDeps> = {},
  wrapped: (store: Store) => Store = (store) => store,
  database?: StoreSettings,
): Promise<ControlWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-control-'))
  const clock = { nowMs: START_MS }
  const nowMs = (): number => clock.nowMs
  const file = join(folder, 'store.db')
  if (database === undefined) await createMigratedFile(file)
  const store = await openStore({ ...(database ?? { kind: 'sqlite', file }), nowMs })
  const cell = new SnapshotCell()
  const follower = await Follower.start({
    feed: store.feed,
    cell,
    monotonicMs: () => performance.now(),
    onFault: () => undefined,
    onRecovered: () => undefined,
    onForked: () => undefined,
  })
  const id = 'gateway-1'
  const member: ReportingGateway = {
    async confirm(revision, waitMs) {
      const confirmed = await follower.waitForRevision(revision, waitMs)
      return { id, state: confirmed ? 'applied' : 'pending', confirmed, seenAtMs: nowMs() }
    },
    async status() {
      const { revision } = cell.current
      return await Promise.resolve({
        id,
        role: 'gateway',
        revision,
        seenAtMs: nowMs(),
        isStale: false,
        isPast: false,
        ...UNKNOWN_FACTS,
      })
    },
  }
  const recent = new RecentRequests()
  let log = ''
  const masterKey = randomBytes(32)
  const sealer: Sealer = {
    seal: (text, context) => seal(masterKey, text, context),
    unseal: (sealed, context) => unseal(masterKey, sealed, context),
  }
  const importedKeyId = importedKeyIds(masterKey)
  const hosts = new EnvironmentHosts(new Map())
  const registry = new Registry()
  const expressions = new TrialExpressions(undefined, { evaluationMs: 4000, waitMs: 60_000 })
  const app = await buildControl({
    store: wrapped(store),
    nowMs,
    monotonicMs: nowMs,
    randomBytes,
    setupToken: SETUP_TOKEN,
    sealer,
    importedKeyId,
    quotaLimits: () => QUOTA_LIMITS_DEFAULT,
    organizationsPerPerson: ORGANIZATIONS_FOUNDED_DEFAULT,
    mayCall: () => true,
    hosts,
    gateway: { url: () => 'http://127.0.0.1:8081', hosts },
    publicUrl: () => PUBLIC_URL,
    signIn: {
      providers: new SignInProviders([], { publicUrl: () => PUBLIC_URL, monotonicMs: nowMs }),
      signUpDomains: [],
    },
    mails: null,
    receipts: {
      confirm: async (revision, waitMs) => await confirmRevision([member], revision, waitMs, nowMs),
      gateways: async () => await statusOfGateways([member]),
    },
    expressions,
    prober: { probe: async () => await Promise.resolve([]) },
    verify: (context, input) =>
      verifyCredential({ ...context, snapshot: cell.current, facts: NO_FACTS, importedKeyId }, input),
    findToken: (token) => findToken(cell.current, token, clock.nowMs, importedKeyId),
    streams: null,
    requests: windowOf(id, recent),
    registry,
    durations: new RequestDurations(registry),
    logger: createLogger('info', { write: (line) => void (log += line) }),
    readiness: () => ({ ready: true, revision: cell.current.revision, snapshotAgeSeconds: 0 }),
    gitHubKeys: [],
    controlHosts: [],
    trustedProxies: [],
    ...overrides,
  })
  return {
    app,
    store,
    clock,
    cell,
    recent,
    folder,
    unseal: (sealed, context) => sealer.unseal(sealed, context),
    importedKeyId,
    log: () => log,
    async call(method, path, body, headers = {}) {
      const answer = await app.inject({
        method,
        url: path,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      return { status: answer.statusCode, headers: answer.headers, body: parsed(answer) }
    },
    async port() {
      if (!app.server.listening) {
        await app.ready()
        drainable(app.server)
        app.server.listen(0, '127.0.0.1')
        await once(app.server, 'listening')
      }
      return (app.server.address() as AddressInfo).port
    },
    async [Symbol.asyncDispose]() {
      app.server.closeAllConnections()
      await app.close()
      await expressions[Symbol.asyncDispose]()
      await follower[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

function parsed(answer: LightMyRequestResponse): Json {
  const isJson = String(answer.headers['content-type']).includes('json')
  return isJson && answer.payload !== '' ? (JSON.parse(answer.payload) as Json) : {}
}

/** A management API with the organization `acme`. */
export interface AcmeWorld extends ControlWorld {
  readonly owner: { readonly authorization: string }
  /** Calls as the owner of `acme`. */
  own(method: Method, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

export async function openAcme(
  overrides: Partial<ControlDeps> = {},
  wrapped?: (store: Store) => Store,
  database?: StoreSettings,
): Promise<AcmeWorld> {
  const world = await openControlWorld(overrides, wrapped, database)
  const { body } = await world.call('POST', '/v1/setup', {
    setupToken: SETUP_TOKEN,
    organization: { slug: 'acme', name: 'Acme' },
  })
  const owner = bearer(body['token'])
  return {
    ...world,
    owner,
    own: async (method, path, payload, headers) =>
      await world.call(method, path, payload, { ...owner, ...headers }),
  }
}

/** The authorization header with a token from a response. */
export function bearer(token: Json | undefined): { readonly authorization: string } {
  return { authorization: `Bearer ${textOf(token)}` }
}

/** A string in a response. */
export function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error('The response has no string there.')
  return value
}

/** A spec that passes the gate. */
export function spec(trigger: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    trigger: { kind: 'rest', authentication: { apiKey: true }, ...trigger },
    steps: [{ respond: { body: { ok: true } } }],
  }
}
