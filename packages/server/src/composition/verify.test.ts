import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { QUOTA_LIMITS_DEFAULT } from '@sallyport/core'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../config/read-config.ts'
import { importedKeyIds } from '../crypto/derived/imported-key-id.ts'
import { seal, unseal, type Sealer } from '../crypto/seal.ts'
import { openStore } from '../store/open.ts'
import { environmentsByHost } from '../config/environments-by-host.ts'
import { startControlPlane } from './control-plane.ts'
import { openDecisions } from './decisions.ts'
import { followSnapshot } from './followed-snapshot.ts'
import { scheduleRunsOf } from './schedule-runs.ts'
import { startGatewayNode } from './gateway.ts'

const logger = pino({ level: 'silent' })
const nowMs = Date.now
const monotonicMs = (): number => performance.now()

interface Json {
  readonly [member: string]: Json
}

/** A control plane and a gateway on one store, both on sockets. */
async function startBoth(stack: AsyncDisposableStack) {
  const masterKey = randomBytes(32)
  const importedKeyId = importedKeyIds(masterKey)
  const sealer: Sealer = {
    seal: (text, context) => seal(masterKey, text, context),
    unseal: (sealed, context) => unseal(masterKey, sealed, context),
  }
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-verify-'))
  stack.defer(async () => await rm(folder, { recursive: true }))
  const store = stack.use(await openStore({ kind: 'sqlite', file: join(folder, 'store.db'), nowMs }))
  const snapshot = stack.use(await followSnapshot({ feed: store.feed, monotonicMs, logger }))
  const local = { host: '127.0.0.1', port: 0 }
  const shared = {
    hosts: HOSTS,
    publicUrl: null,
    smtp: null,
    mailFrom: null,
    signInProviders: [],
    signUpDomains: [],
    gitHubKeys: [],
    controlHosts: [],
    telemetry: readConfig({}).telemetry,
    trustedProxies: [],
    upstreamAllow: [],
  }
  const gateway = stack.use(
    await startGatewayNode({
      config: {
        ...shared,
        gateway: local,
        gatewayUrl: null,
        maxStalenessSeconds: null,
        accessLog: 'none',
        cacheBytes: 0,
        gatewayThreads: 1,
      },
      logger,
      nowMs,
      monotonicMs,
      sealer,
      importedKeyId,
      snapshot,
      reports: {
        addUsage: async () => await Promise.resolve(),
        runs: scheduleRunsOf(store),
      },
    }),
  )
  const decisions = stack.use(
    openDecisions({
      snapshot,
      nowMs,
      monotonicMs,
      logger,
      importedKeyId,
      upstreamAllow: [],
      hosts: environmentsByHost(HOSTS),
    }),
  )
  const control = stack.use(
    await startControlPlane({
      config: {
        ...shared,
        control: local,
        quotas: { limits: QUOTA_LIMITS_DEFAULT, ofOrganizations: {} },
        usageDays: { minute: 2, hour: 90, day: 730 },
        usageRows: 10_000,
        organizationsPerPerson: 0,
        databaseUrl: null,
        upstreamAllow: [],
      },
      logger,
      nowMs,
      monotonicMs,
      instanceId: 'gw_1',
      setupToken: 'set-up-of-this-test',
      sealer,
      importedKeyId,
      store,
      decisions,
      requests: gateway.requests,
      gateways: { url: () => gateway.url, members: [gateway.member], peers: [] },
      streams: null,
    }),
  )
  return { control, gateway }
}

const HOSTS = [
  { host: 'orders.example.com', organization: 'acme', environment: 'prod' },
  { host: 'api.example.com', organization: 'acme', environment: 'prod' },
  { host: '*.shops.example.com', organization: 'acme', environment: 'prod' },
  { host: 'rival.example.com', organization: 'rival', environment: 'prod' },
]

const stack = new AsyncDisposableStack()
let control = ''
let gateway = ''
let owner = ''

async function own(method: string, path: string, body?: unknown): Promise<Json> {
  const response = await fetch(`${control}/v1/organizations/acme${path}`, {
    method,
    headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as Json
  expect([path, response.status, answer['detail']]).toEqual([path, expect.any(Number), undefined])
  return answer
}

function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error('The response has no string there.')
  return value
}

async function deployed(name: string, trigger: unknown, steps: unknown): Promise<void> {
  await own('POST', '/pipelines', { name, spec: { trigger, steps } })
  await own('POST', '/deployments', { pipeline: name, version: '1.0', environment: 'prod' })
}

beforeAll(async () => {
  const started = await startBoth(stack)
  control = started.control.url
  gateway = started.gateway.url
  const response = await fetch(`${control}/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ setupToken: 'set-up-of-this-test', organization: { slug: 'acme', name: 'Acme' } }),
  })
  owner = textOf(((await response.json()) as Json)['token'])
  const respond = [{ respond: { body: { ok: true } } }]
  const all = { apiKey: true, jwt: true, basic: true }
  await deployed(
    'guarded',
    { kind: 'rest', path: '/guarded/:id', methods: ['POST'], authentication: all },
    respond,
  )
  const hosts = ['orders.example.com', '*.shops.example.com', 'rival.example.com']
  const hosted = { kind: 'rest', path: '/hosted', methods: ['GET'], hosts, authentication: { apiKey: true } }
  await deployed('hosted', hosted, respond)
  const login = {
    kind: 'rest',
    path: '/login',
    methods: ['POST'],
    login: true,
    authentication: { apiKey: true },
  }
  await deployed('login', login, [{ 'jwt.generate': { subject: '"app"', expiresIn: '15m' } }])
})

afterAll(async () => {
  await stack[Symbol.asyncDispose]()
})

interface Caller {
  readonly token: string
  readonly jwt: string
  readonly basic: { readonly username: string; readonly password: string }
}

async function newCaller(name: string): Promise<Caller> {
  const made = await own('POST', '/consumers', {
    name,
    environment: 'prod',
    pipelines: ['guarded', 'hosted', 'login'],
  })
  const username = `${name}-user`
  const id = textOf(made['consumer']?.['id'])
  const { password } = await own('POST', `/consumers/${id}/basic-credentials`, { username })
  const token = textOf(made['token'])
  const login = await fetch(`${gateway}/acme/prod/login`, { method: 'POST', headers: { 'x-api-key': token } })
  const jwt = textOf(((await login.json()) as Json)['access_token'])
  return { token, jwt, basic: { username, password: textOf(password) } }
}

/** The code of the gateway's own response to the same call. */
async function gatewayCode(sent: Partial<Caller>, method: string, path: string): Promise<string> {
  const { token, jwt, basic } = sent
  const headers: Record<string, string> = {}
  if (token !== undefined) headers['x-api-key'] = token
  if (jwt !== undefined) headers['x-access-token'] = jwt
  if (basic !== undefined) {
    const encoded = Buffer.from(`${basic.username}:${basic.password}`).toString('base64')
    headers['authorization'] = `Basic ${encoded}`
  }
  const response = await fetch(`${gateway}/acme/prod${path}`, { method, headers })
  if (response.status === 200) return 'valid'
  return textOf(((await response.json()) as Json)['code'])
}

test("answers with the gateway's own decision over all credentials, method and path", async () => {
  const app = await newCaller('app')
  const other = await newCaller('other')
  const wrong = { ...app.basic, password: 'wrong' }
  const calls: readonly (readonly [
    sent: Partial<Caller>,
    method: string,
    path: string,
    missing?: string[],
  ])[] = [
    [app, 'POST', '/guarded/1'],
    [{ token: app.token }, 'POST', '/guarded/1', ['jwt', 'basic']],
    [{ token: app.token, basic: app.basic }, 'POST', '/guarded/1', ['jwt']],
    [{ token: app.token, jwt: app.jwt }, 'POST', '/guarded/1', ['basic']],
    [{ jwt: app.jwt, basic: app.basic }, 'POST', '/guarded/1', ['token']],
    [{ ...app, basic: wrong }, 'POST', '/guarded/1'],
    [{ ...app, jwt: `${app.jwt}x` }, 'POST', '/guarded/1'],
    [{ ...app, jwt: other.jwt }, 'POST', '/guarded/1'],
    [{ ...app, basic: other.basic }, 'POST', '/guarded/1'],
    [{ ...app, token: other.token }, 'POST', '/guarded/1'],
    [app, 'GET', '/guarded/1'],
    [app, 'POST', '/guarded'],
  ]
  for (const [sent, method, path, missing] of calls) {
    const answer = await own('POST', '/verify', { ...sent, environment: 'prod', method, path })
    const name = JSON.stringify([Object.keys(sent), method, path])
    expect([name, answer['code'], answer['missing']]).toEqual([
      name,
      await gatewayCode(sent, method, path),
      missing,
    ])
    expect(answer['valid']).toBe(textOf(answer['code']) === 'valid')
  }
})

test('verifies a JWT and a Basic credential without a call, and that both identify one consumer', async () => {
  const app = await newCaller('alone')
  const other = await newCaller('another')
  const code = async (sent: Partial<Caller>): Promise<unknown> =>
    (await own('POST', '/verify', { ...sent, environment: 'prod' }))['code']
  expect(await code({ jwt: app.jwt })).toBe('valid')
  expect(await code({ jwt: `${app.jwt}x` })).toBe('token_invalid')
  expect(await code({ basic: app.basic })).toBe('valid')
  expect(await code({ basic: { ...app.basic, password: 'wrong' } })).toBe('basic_invalid')
  expect(await code(app)).toBe('valid')
  expect(await code({ ...app, jwt: other.jwt })).toBe('token_wrong_consumer')
  expect(await code({ ...app, basic: other.basic })).toBe('basic_invalid')
})

test('a path that belongs to another pipeline is not found', async () => {
  const app = await newCaller('elsewhere')
  const call = { ...app, environment: 'prod', path: '/guarded/1' }
  expect(await own('POST', '/verify', { ...call, pipeline: 'guarded' })).toMatchObject({ code: 'valid' })
  expect(await own('POST', '/verify', { ...call, pipeline: 'login' })).toMatchObject({
    code: 'route_not_found',
  })
})

test('a host of the environment counts as the gateway counts it', async () => {
  const app = await newCaller('hosted')
  for (const [host, path, method] of [
    ['orders.example.com', '/hosted', 'GET'],
    ['ORDERS.example.com.:443', '/hosted', 'GET'],
    ['any.shops.example.com', '/hosted', 'GET'],
    ['api.example.com', '/hosted', 'GET'],
    ['api.example.com', '/guarded/1', 'POST'],
    ['elsewhere.example.com', '/hosted', 'GET'],
    ['elsewhere.example.com', '/guarded/1', 'POST'],
    ['rival.example.com', '/hosted', 'GET'],
    ['rival.example.com', '/guarded/1', 'POST'],
  ] as const) {
    const call = { ...app, environment: 'prod', method, path, host }
    const { code } = await own('POST', '/verify', call)
    expect([host, path, code]).toEqual([host, path, await codeAt(host, app, method, path)])
  }
  const { code } = await own('POST', '/verify', { ...app, environment: 'prod', path: '/hosted' })
  expect(code).toBe('route_not_found')
})

/** The code of the gateway's own response at a host. */
async function codeAt(
  host: string,
  { token, jwt, basic }: Caller,
  method: string,
  path: string,
): Promise<string> {
  const credentials = Buffer.from(`${basic.username}:${basic.password}`).toString('base64')
  const headers = { host, 'x-api-key': token, 'x-access-token': jwt, authorization: `Basic ${credentials}` }
  const sent = request(`${gateway}${path}`, { method, headers }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const body = JSON.parse((await response.setEncoding('utf8').toArray()).join('')) as Json
  return response.statusCode === 200 ? 'valid' : textOf(body['code'])
}

test('a path that the gateway refuses is refused', async () => {
  const app = await newCaller('refused')
  for (const path of ['/guarded/1%2F2', '/guarded//1', '/guarded/%252e']) {
    expect([path, await gatewayCode(app, 'POST', path)]).toEqual([path, 'invalid_request'])
    const response = await fetch(`${control}/v1/organizations/acme/verify`, {
      method: 'POST',
      headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...app, environment: 'prod', method: 'POST', path }),
    })
    expect([path, response.status, await response.json()]).toEqual([
      path,
      400,
      expect.objectContaining({ errors: [{ path: '/path', message: expect.any(String) as string }] }),
    ])
  }
})
