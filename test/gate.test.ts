import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectGate, GateError, type Gate, type GateDecision } from '../packages/gate/src/index.ts'
import { openMasterKey } from '../packages/server/src/crypto/master-key.ts'
import { ControlLink, type ControlLinkDeps } from '../packages/server/src/fleet/gateway/control-link.ts'
import { newCredential } from '../packages/server/src/fleet/stream/credentials.ts'
import { SPOKEN } from '../packages/server/src/fleet/stream/versions.ts'
import { Identity } from '../packages/server/src/fleet/gateway/identity.ts'
import { rawCall } from './frameworks/raw-call.ts'
import { startGateEnvironment, type GateEnvironment } from './gate/gate-environment.ts'
import { PROTECTED_SERVICES, type ProtectedServer } from './gate/protected-servers.ts'
import { textAt } from './support/api-client.ts'
import { eventually } from './support/eventually.ts'
import { publishPipeline } from './support/published-pipeline.ts'

const stack = new AsyncDisposableStack()
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }
let environment: GateEnvironment
let folder: string
let gate: Gate
let token: string

async function connect(more: { readonly enrolmentToken?: string } = {}): Promise<Gate> {
  return await connectGate({
    url: environment.url,
    folder,
    environment: 'acme/prod',
    logger: SILENT,
    ...more,
  })
}

beforeAll(async () => {
  environment = stack.use(await startGateEnvironment())
  folder = await environment.folder()
  gate = await connect({ enrolmentToken: await environment.token() })
  stack.defer(async () => await gate.close())
  ;({ token } = await environment.newKey())
})

afterAll(async () => {
  await stack.disposeAsync()
})

function decideOrder(key: string | undefined): GateDecision | Promise<GateDecision> {
  const headers = key === undefined ? {} : { 'x-api-key': key }
  return gate.decide({ method: 'GET', path: '/orders/7', headers, address: '192.0.2.1' })
}

/** The code of a refusal, or that there is none. */
async function outcomeOf(decision: GateDecision | Promise<GateDecision>): Promise<string> {
  const decided = await decision
  return decided.allowed ? 'allowed' : decided.code
}

describe('a gate decides about a request', () => {
  test('at once, and says who the caller is', async () => {
    await eventually(async () => expect(await outcomeOf(decideOrder(token))).toBe('allowed'))
    const decision = decideOrder(token)
    expect(decision).not.toBeInstanceOf(Promise)
    expect(decision).toMatchObject({
      allowed: true,
      principal: {
        organization: 'acme',
        environment: 'prod',
        pipeline: 'orders',
        version: '1.0',
        consumer: 'caller-of-orders',
        key: expect.stringMatching(/^key_/) as unknown,
        claims: null,
      },
      headers: {
        'x-request-id': expect.any(String) as unknown,
        ratelimit: expect.stringContaining('r=') as unknown,
      },
      revision: gate.status().revision,
    })
  })

  test('of the Fetch standard, and of node:http in whatever case its names are', async () => {
    const request = new Request('https://api.example.com/orders/7', { headers: { 'x-api-key': token } })
    expect(await outcomeOf(gate.decide(request))).toBe('allowed')
    expect(await outcomeOf(gate.decide(new Request(request.url)))).toBe('credential_missing')
    const [method, path] = ['GET', '/orders/7']
    expect(await outcomeOf(gate.decide({ method, path, headers: [['X-API-Key', token]] }))).toBe('allowed')
  })

  test('and refuses with the problem, its status and its headers', async () => {
    expect(await decideOrder(undefined)).toMatchObject({
      allowed: false,
      status: 401,
      code: 'credential_missing',
      problem: { code: 'credential_missing', status: 401 },
      headers: { 'content-type': 'application/problem+json', 'www-authenticate': 'Bearer realm="sallyport"' },
    })
    const two = { 'x-api-key': [token, `${token.slice(0, -1)}_`] }
    const [method, path] = ['GET', '/orders/7']
    expect(await outcomeOf(gate.decide({ method, path, headers: two }))).toBe('credential_ambiguous')
  })

  test.each([
    ['/orders', 'route_not_found'],
    ['/Orders/7', 'route_not_found'],
    // The path is that of the service, so the names of the environment do not belong to it.
    ['/acme/prod/orders/7', 'route_not_found'],
    ['/orders/../orders/7', 'invalid_request'],
    ['orders/7', 'invalid_request'],
  ])('for the path %s: %s', async (path, code) => {
    const headers = { 'x-api-key': token }
    expect(await outcomeOf(gate.decide({ method: 'GET', path, headers }))).toBe(code)
    expect(await outcomeOf(gate.decide({ method: 'GET', path, headers }, { path: '/orders/7' }))).toBe(
      'allowed',
    )
  })

  test('by rules for addresses, which admit no caller whose address is unknown', async () => {
    await publishPipeline(environment.acme, 'inside', 'http://upstream.test', {
      authentication: { apiKey: false },
      addressRules: ['192.0.2.0/24'],
    })
    const from = async (address?: string): Promise<string> =>
      await outcomeOf(gate.decide({ method: 'GET', path: '/inside', headers: {}, address }))
    await eventually(async () => expect(await from('192.0.2.7')).toBe('allowed'))
    expect(await from('::ffff:192.0.2.7')).toBe('allowed')
    expect(await from('192.0.3.7')).toBe('caller_address_not_allowed')
    expect(await from()).toBe('caller_address_not_allowed')
  })

  test('by limits that count', async () => {
    const few = await publishPipeline(environment.acme, 'few', 'http://upstream.test', {
      rateLimits: [{ requests: 2, per: 'hour', by: 'consumer' }],
    })
    const headers = { 'x-api-key': few.token }
    const ask = async (): Promise<string> =>
      await outcomeOf(gate.decide({ method: 'GET', path: '/few', headers }))
    await eventually(async () => expect(await ask()).toBe('allowed'))
    expect(await ask()).toBe('allowed')
    expect(await ask()).toBe('rate_limited')
  })

  test('later, if a password must be checked first', async () => {
    const { acme } = environment
    await publishPipeline(acme, 'reports', 'http://upstream.test', { authentication: { basic: true } })
    const found = await acme.must('GET', '/v1/organizations/acme/consumers?environment=prod')
    const consumers = found['items'] as unknown as readonly { readonly id: string; readonly name: string }[]
    const id = consumers.find(({ name }) => name === 'caller-of-reports')?.id ?? ''
    const made = await acme.must('POST', `/v1/organizations/acme/consumers/${id}/basic-credentials`, {
      username: 'reporter',
    })
    const ask = (password: string): GateDecision | Promise<GateDecision> => {
      const authorization = `Basic ${Buffer.from(`reporter:${password}`).toString('base64')}`
      return gate.decide({
        method: 'GET',
        path: '/reports',
        headers: { authorization },
        address: '192.0.2.1',
      })
    }
    const password = textAt(made, 'password')
    await eventually(async () => expect(await outcomeOf(ask(password))).toBe('allowed'))
    const wrong = ask(`${password}x`)
    expect(wrong).toBeInstanceOf(Promise)
    expect(await outcomeOf(wrong)).toBe('basic_invalid')
  })

  test('and counts its use', async () => {
    const used = await environment.newKey()
    // Refusals before the gate knows the key count for no key.
    await eventually(async () => expect(await outcomeOf(decideOrder(used.token))).toBe('allowed'))
    await eventually(async () => {
      const key = await environment.acme.must('GET', `/v1/organizations/acme/keys/${used.id}`)
      expect(key).toMatchObject({ secrets: [{ requests: 1, lastUsedAt: expect.any(String) as unknown }] })
    })
  })
})

describe.each(PROTECTED_SERVICES)('a service of $name', ({ start }) => {
  let server: ProtectedServer
  beforeAll(async () => {
    server = await start(gate)
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })

  test('gets allowed requests with their caller, and answers with the headers of the pipeline', async () => {
    const answer = await rawCall(server.url, {
      path: '/orders/7?full=1',
      headers: { 'x-api-key': token, origin: 'https://app.example.com' },
    })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ pipeline: 'orders', consumer: 'caller-of-orders' })
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      vary: 'Accept, Origin',
      'x-request-id': expect.any(String) as unknown,
    })
  })

  test('gets no refused request', async () => {
    const answer = await rawCall(server.url, { path: '/orders/7', headers: { 'x-request-id': 'call-7' } })
    expect([answer.status, answer.headers['content-type'], answer.headers['x-request-id']]).toEqual([
      401,
      // Fastify adds the charset.
      expect.stringMatching(/^application\/problem\+json\b/),
      'call-7',
    ])
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'credential_missing', status: 401 })
    const head = await rawCall(server.url, { method: 'HEAD', path: '/orders/7' })
    expect([head.status, head.body]).toEqual([401, ''])
  })

  test('gets no preflight', async () => {
    const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'GET' }
    const answer = await rawCall(server.url, { method: 'OPTIONS', path: '/orders/7', headers })
    expect([answer.status, answer.body]).toEqual([204, ''])
    expect(answer.headers['access-control-allow-methods']).toContain('GET')
    const plain = await rawCall(server.url, { method: 'OPTIONS', path: '/orders/7' })
    expect(plain.status).toBe(405)
  })
})

describe('a gate in a fleet', () => {
  test('is listed as one, and says how far it is', async () => {
    await eventually(async () => {
      const { items } = await environment.acme.must('GET', '/v1/organizations/acme/gateways')
      expect(items).toContainEqual(
        expect.objectContaining({ id: gate.id, role: 'gate', name: 'edge', lease: 'held' }),
      )
    })
    expect(gate.status()).toMatchObject({ ready: true })
  })

  test('gets no key that opens sealed values', async () => {
    const key = await openMasterKey({ folder })
    const identity = await Identity.open(folder, key, null, 'gate', Date.now)
    expect(identity.shared).toMatchObject({
      records: '',
      counters: '',
      importedKeyIds: expect.stringMatching(/./) as unknown,
    })
  })

  test('refuses a key as soon as the receipt of its removal is confirmed', async () => {
    for (let round = 0; round < 5; round += 1) {
      const key = await environment.newKey()
      await eventually(async () => expect(await outcomeOf(decideOrder(key.token))).toBe('allowed'))
      const { receipt } = await environment.acme.must('DELETE', `/v1/organizations/acme/keys/${key.id}`)
      expect(receipt).toMatchObject({
        confirmed: true,
        gateways: expect.arrayContaining([
          expect.objectContaining({ id: gate.id, state: 'applied' }),
        ]) as unknown,
      })
      expect(await outcomeOf(decideOrder(key.token))).toBe('key_deleted')
    }
  })

  async function lastReceipt(id: string): Promise<unknown> {
    const { receipt } = await environment.acme.must('DELETE', `/v1/organizations/acme/keys/${id}?wait=30`)
    return receipt
  }

  const past = { state: 'past', confirmed: false }

  test('decides on while it is cut off, and receipts say so', async () => {
    const key = await environment.newKey()
    await eventually(async () => expect(await outcomeOf(decideOrder(key.token))).toBe('allowed'))
    environment.relay.cut()
    expect(await lastReceipt(key.id)).toMatchObject({
      confirmed: false,
      gateways: expect.arrayContaining([expect.objectContaining({ ...past, id: gate.id })]) as unknown,
    })
    expect(await outcomeOf(decideOrder(key.token))).toBe('allowed')
    environment.relay.mend()
    await eventually(async () => expect(await outcomeOf(decideOrder(key.token))).toBe('key_deleted'))
  })

  test('starts from its folder while no control node can be reached', async () => {
    const { id } = gate
    await gate.close()
    expect(() => decideOrder(token)).toThrow('The gate is closed.')
    expect(gate.status().ready).toBe(false)
    environment.relay.cut()
    gate = await connect()
    expect(gate.id).toBe(id)
    expect(await outcomeOf(decideOrder(token))).toBe('allowed')
    expect(await outcomeOf(decideOrder(undefined))).toBe('credential_missing')
    environment.relay.mend()
    const key = await environment.newKey()
    await eventually(async () => expect(await outcomeOf(decideOrder(key.token))).toBe('allowed'))
  })

  test('refuses all requests of an environment that says so once its lease is over', async () => {
    const { acme, relay } = environment
    const { items } = await acme.must('GET', '/v1/organizations/acme/environments')
    for (const { name } of items as unknown as readonly { readonly name: string }[]) {
      const changed = await acme.must('PATCH', `/v1/organizations/acme/environments/${name}?wait=30`, {
        whenStale: 'refuse',
      })
      expect(changed['receipt']).toMatchObject({ confirmed: true })
    }
    const key = await environment.newKey()
    await eventually(async () => expect(await outcomeOf(decideOrder(key.token))).toBe('allowed'))
    relay.cut()
    expect(await lastReceipt(key.id)).toMatchObject({
      confirmed: true,
      gateways: expect.arrayContaining([
        expect.objectContaining({ ...past, id: gate.id, confirmed: true }),
      ]) as unknown,
    })
    expect(await decideOrder(token)).toMatchObject({ allowed: false, status: 503, code: 'snapshot_stale' })
    expect(gate.status().ready).toBe(false)
    await gate.close()
    gate = await connect()
    expect(await outcomeOf(decideOrder(token))).toBe('snapshot_stale')
    relay.mend()
    await eventually(async () => expect(await outcomeOf(decideOrder(token))).toBe('allowed'))
    expect(await outcomeOf(decideOrder(key.token))).toBe('key_deleted')
  })
})

describe('a gate is not connected', () => {
  test('without an enrolment token in a new folder', async () => {
    const options = { url: environment.url, folder: await environment.folder(), environment: 'acme/prod' }
    const failed = await connectGate({ ...options, logger: SILENT }).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(failed).toBeInstanceOf(GateError)
    expect(failed).toMatchObject({ message: expect.stringContaining('\n  enrolmentToken: ') as unknown })
  })

  test('with an enrolment token that was used up', async () => {
    const enrolmentToken = await environment.token()
    const options = { url: environment.url, environment: 'acme/prod', logger: SILENT, enrolmentToken }
    await (await connectGate({ ...options, folder: await environment.folder() })).close()
    await expect(connectGate({ ...options, folder: await environment.folder() })).rejects.toThrow(GateError)
  })

  test('to an environment that does not exist without saying so', async () => {
    const warnings: string[] = []
    const logger = { ...SILENT, warn: (_facts: object, message: string) => void warnings.push(message) }
    const enrolmentToken = await environment.token()
    const options = { url: environment.url, environment: 'acme/nowhere', logger, enrolmentToken }
    await using lost = await connectGate({ ...options, folder: await environment.folder() })
    expect(warnings).toEqual(['there is no environment acme/nowhere: all requests are refused'])
    const request = { method: 'GET', path: '/orders/7', headers: { 'x-api-key': token } }
    expect(await outcomeOf(lost.decide(request))).toBe('route_not_found')
  })

  test('when its wait is ended', async () => {
    const signal = AbortSignal.timeout(1_000)
    const enrolmentToken = await environment.token()
    const options = { url: 'http://127.0.0.1:9', environment: 'acme/prod', logger: SILENT, enrolmentToken }
    const connecting = connectGate({ ...options, folder: await environment.folder(), signal })
    await expect(connecting).rejects.toThrow('timeout')
  })
})

test('a control node takes no runs of schedules from a gate', async () => {
  const enrolmentToken = await environment.token()
  const credential = newCredential()
  const due = { organization: 'acme', environment: 'prod', pipeline: 'orders', major: 1 }
  const run = { ...due, dueAtMs: 1, startedAtMs: 1, isExclusive: false, missedBefore: 0 }
  const answered = Promise.withResolvers<unknown>()
  await using streams = new AsyncDisposableStack()
  const link = new ControlLink({
    urls: [environment.url],
    role: 'gate',
    credentials: () => [credential],
    enrolmentToken,
    versions: SPOKEN,
    logger: SILENT as unknown as ControlLinkDeps['logger'],
    onBlock: () => undefined,
    isRemoval: () => false,
    onRemoved: async () => await Promise.resolve(),
    use: async (greeted) => {
      await greeted.stream.remote.claim(run, null).then(answered.resolve, answered.reject)
    },
  })
  streams.use(link)
  await expect(answered.promise).rejects.toMatchObject({ code: 'invalid_request' })
})
