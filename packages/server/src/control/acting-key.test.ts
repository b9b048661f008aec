import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { isKeyId } from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KeyRow } from '../store/port/keys.ts'
import type { Store } from '../store/port/store.ts'
import { ACME, bearer, openAcme, spec, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'

/** A real store that runs hooks: after it has read a key, and before a write transaction. */
function hooked(
  store: Store,
  hooks: { afterFind?: () => void; beforeWrite?: (() => Promise<void>) | undefined },
): Store {
  return {
    read: {
      ...store.read,
      keys: {
        ...store.read.keys,
        async find(id) {
          const found = await store.read.keys.find(id)
          hooks.afterFind?.()
          return found
        },
      },
    },
    feed: store.feed,
    gateways: store.gateways,
    enrolments: store.enrolments,
    attachments: store.attachments,
    masterKeyCheck: store.masterKeyCheck,
    auditSigning: store.auditSigning,
    webhookQueues: store.webhookQueues,
    ownerMailQueues: store.ownerMailQueues,
    async write(work) {
      const { beforeWrite } = hooks
      hooks.beforeWrite = undefined
      await beforeWrite?.()
      return await store.write(work)
    },
    addUsage: (rows) => store.addUsage(rows),
    receiveUsage: (rows) => store.receiveUsage(rows),
    foldUsage: (signal) => store.foldUsage(signal),
    pruneUsage: (nowMs, limits) => store.pruneUsage(nowMs, limits),
    claimRun: (row) => store.claimRun(row),
    unfinishedImports: (limit) => store.unfinishedImports(limit),
    finishRun: (row) => store.finishRun(row),
    beatRun: (schedule, dueAtMs) => store.beatRun(schedule, dueAtMs),
    askRunToEnd: (schedule, dueAtMs) => store.askRunToEnd(schedule, dueAtMs),
    abandonRun: (schedule, run) => store.abandonRun(schedule, run),
    pruneRuns: (beforeMs) => store.pruneRuns(beforeMs),
    ping: () => store.ping(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

/** Changes a key behind the API's back, as another process would. */
async function changeKey(store: Store, id: string, change: Partial<KeyRow>): Promise<void> {
  await store.write(async (tx) => {
    const row = isKeyId(id) ? await tx.keys.get('acme', id) : undefined
    if (row === undefined) throw new Error(`there is no key ${id}`)
    await tx.keys.update({ ...row, ...change })
    const entry = { organization: 'acme', atMs: 0, actor: 'test', action: 'keys.update', target: id }
    tx.audit({ ...entry, before: null, after: null })
  })
}

interface Made {
  readonly id: string
  readonly headers: { readonly authorization: string }
}

async function makeKey(world: AcmeWorld, fields: Readonly<Record<string, unknown>> = {}): Promise<Made> {
  const body = { name: 'CI', type: 'secret', roles: ['owner'], ...fields }
  const made = await world.own('POST', `${ACME}/keys`, body)
  expect(made.status).toBe(201)
  return { id: textOf(made.body['key']?.['id']), headers: bearer(made.body['token']) }
}

describe('a request whose body is held back', () => {
  /** Sends the headers of a request, changes the actor once it has authenticated, then sends the body. */
  async function heldBack(
    path: string,
    body: unknown,
    change: (world: AcmeWorld, key: Made) => Promise<unknown>,
    roles = ['owner'],
  ): Promise<{ status: number | undefined; body: string }> {
    const hooks: { afterFind?: () => void } = {}
    await using world = await openAcme({}, (store) => hooked(store, hooks))
    const key = await makeKey(world, { roles })
    const payload = JSON.stringify(body)
    const authenticated = Promise.withResolvers<void>()
    hooks.afterFind = authenticated.resolve
    const sent = httpRequest({
      port: await world.port(),
      method: 'POST',
      path: `${ACME}${path}`,
      headers: {
        ...key.headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(payload),
      },
    })
    const answered = once(sent, 'response')
    sent.flushHeaders()
    await authenticated.promise
    delete hooks.afterFind
    await change(world, key)
    sent.end(payload)
    const [response] = (await answered) as [import('node:http').IncomingMessage]
    return { status: response.statusCode, body: await readText(response) }
  }

  const OWNER_KEY = { name: 'Another', type: 'secret', roles: ['owner'] }

  test('is refused when its key was deleted meanwhile', async () => {
    const answer = await heldBack('/keys', OWNER_KEY, async (world, { id }) => {
      const deleted = await world.own('DELETE', `${ACME}/keys/${id}`)
      expect(deleted.body['receipt']).toMatchObject({ confirmed: true })
    })
    expect(answer.status).toBe(401)
    expect(answer.body).not.toContain('sp_sk_')
  })

  test('is refused when its key was switched off, has expired, or lost its roles', async () => {
    const patched = (change: unknown) => async (world: AcmeWorld, key: Made) =>
      await world.own('PATCH', `${ACME}/keys/${key.id}`, change)
    expect((await heldBack('/keys', OWNER_KEY, patched({ status: 'inactive' }))).status).toBe(401)
    expect((await heldBack('/keys', OWNER_KEY, patched({ roles: [] }))).status).toBe(403)
    const expired = await heldBack('/keys', OWNER_KEY, async (world, key) => {
      await changeKey(world.store, key.id, { expiresAtMs: world.clock.nowMs + 1 })
      world.clock.nowMs += 1
    })
    expect(expired.status).toBe(401)
  })

  test('is refused when its secret was rolled away', async () => {
    const answer = await heldBack('/keys', OWNER_KEY, async (world, { id }) => {
      const rolled = await world.own('POST', `${ACME}/keys/${id}/roll`, { graceSeconds: 0 })
      expect(rolled.status).toBe(200)
    })
    expect(answer.status).toBe(401)
  })

  test('is refused also if it only reads', async () => {
    const body = { token: 'sp_sk_whatever' }
    const answer = await heldBack('/verify', body, async (world, { id }) => {
      await world.own('DELETE', `${ACME}/keys/${id}`)
    })
    expect(answer.status).toBe(401)
  })
})

describe('a key that changes just before the write of its request', () => {
  const hooks: { beforeWrite?: () => Promise<void> } = {}
  const ids: Record<string, string> = {}
  let world: AcmeWorld

  beforeAll(async () => {
    world = await openAcme({}, (store) => hooked(store, hooks))
    await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec() })
    const deployment = { pipeline: 'orders', version: '1.0', environment: 'test' }
    ids['deployment'] = textOf((await world.own('POST', `${ACME}/deployments`, deployment)).body['id'])
    const consumer = await world.own('POST', `${ACME}/consumers`, { name: 'app', environment: 'test' })
    ids['consumer'] = textOf(consumer.body['consumer']?.['id'])
    ids['key'] = textOf(consumer.body['key']?.['id'])
    const basic = { username: 'app' }
    await world.own('POST', `${ACME}/consumers/${ids['consumer']}/basic-credentials`, basic)
    await world.own('PUT', `${ACME}/environments/test/secrets/TOKEN`, { value: 'x' })
    const rotated = await world.own('POST', `${ACME}/environments/test/signing-keys/rotate`, {})
    ids['signingKey'] = textOf(Object.values(rotated.body['retired'] ?? {})[0]?.['id'])
    const issuer = { issuer: 'idp', audience: ['api'], jwksUrl: 'https://idp.example.com/jwks' }
    const trusted = await world.own('POST', `${ACME}/environments/test/issuers`, issuer)
    ids['issuer'] = textOf(trusted.body['id'])
  })

  afterAll(async () => {
    await world[Symbol.asyncDispose]()
  })

  const environment = `${ACME}/environments/test`
  const WRITES: readonly (readonly [
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ])[] = [
    ['POST', '/v1/organizations', { slug: 'third', name: 'Third' }],
    ['PATCH', ACME, { name: 'Renamed' }],
    ['POST', `${ACME}/environments`, { name: 'stage' }],
    ['PATCH', environment, { position: 1 }],
    ['DELETE', environment],
    ['PUT', `${environment}/policies/external-api-access`, { mode: 'jwt' }],
    ['PUT', `${environment}/policies/external-api-access`, { mode: 'jwt', dryRun: true }],
    ['POST', `${ACME}/projects`, { name: 'shop' }],
    ['PATCH', `${ACME}/projects/default`, { description: 'x' }],
    ['DELETE', `${ACME}/projects/default`],
    ['POST', `${ACME}/pipelines`, { name: 'second', spec: spec() }],
    ['DELETE', `${ACME}/pipelines/orders`],
    ['POST', `${ACME}/pipelines/orders/versions`, { spec: spec() }],
    ['POST', `${ACME}/deployments`, { pipeline: 'orders', version: '1.0', environment: 'prod' }],
    [
      'POST',
      `${ACME}/deployments`,
      { pipeline: 'orders', version: '1.0', environment: 'prod', dryRun: true },
    ],
    ['POST', `${ACME}/deployments/{deployment}/promote`, { environment: 'prod' }],
    ['POST', `${ACME}/deployments/{deployment}/rollback`],
    ['POST', `${ACME}/deployments/{deployment}/redeploy`],
    ['DELETE', `${ACME}/deployments/{deployment}`],
    ['PUT', `${environment}/secrets/OTHER`, { value: 'x' }],
    ['DELETE', `${environment}/secrets/TOKEN`],
    ['POST', `${environment}/signing-keys/rotate`, {}],
    ['DELETE', `${environment}/signing-keys/{signingKey}`],
    ['POST', `${environment}/issuers`, { issuer: 'b', audience: ['api'], jwksUrl: 'https://b.example.com/' }],
    ['DELETE', `${environment}/issuers/{issuer}`],
    ['POST', `${ACME}/consumers`, { name: 'second', environment: 'test' }],
    ['PATCH', `${ACME}/consumers/{consumer}`, { status: 'inactive' }],
    ['DELETE', `${ACME}/consumers/{consumer}`],
    ['POST', `${ACME}/consumers/{consumer}/basic-credentials`, { username: 'second' }],
    ['DELETE', `${ACME}/consumers/{consumer}/basic-credentials/app`],
    ['POST', `${ACME}/keys`, { name: 'Another', type: 'secret' }],
    ['PATCH', `${ACME}/keys/{key}`, { name: 'Renamed' }],
    ['DELETE', `${ACME}/keys/{key}`],
    ['POST', `${ACME}/keys/{key}/roll`, {}],
    ['POST', `${ACME}/keys/{key}/roll/finish`],
    ['POST', `${ACME}/keys/{key}/roll/undo`],
  ]

  /** Sends each write as a new owner key that changes just before its transaction; returns the codes. */
  async function codesAfter(change: Partial<KeyRow>): Promise<Readonly<Record<string, unknown>>> {
    const codes: Record<string, unknown> = {}
    for (const [method, path, body] of WRITES) {
      const key = await makeKey(world)
      const head = await world.store.feed.head()
      let isHooked = false
      hooks.beforeWrite = async () => {
        isHooked = true
        await changeKey(world.store, key.id, change)
      }
      const filled = path.replace(/\{(\w+)\}/, (_all, name: string) => ids[name] ?? '')
      const answer = await world.call(method, filled, body, key.headers)
      expect([path, isHooked]).toEqual([path, true])
      codes[`${method} ${path} ${JSON.stringify(body)}`] = answer.body['code']
      // Only the change of the key itself was committed.
      expect([path, await world.store.feed.head()]).toEqual([path, head + 1])
    }
    return codes
  }

  test('is refused by every operation when it was deleted', async () => {
    const codes = await codesAfter({ deletedAtMs: 1 })
    expect(new Set(Object.values(codes))).toEqual(new Set(['unauthenticated']))
  })

  test('is refused by every operation when it lost its roles', async () => {
    const codes = await codesAfter({ roles: [] })
    expect(new Set(Object.values(codes))).toEqual(new Set(['permission_missing', 'not_found']))
  })
})

describe('a stored answer', () => {
  const ONCE = { 'idempotency-key': 'once' }

  async function repeated(
    world: AcmeWorld,
    key: Made,
    path: string,
    body: unknown,
  ): Promise<readonly [Answer, () => Promise<Answer>]> {
    const send = async (): Promise<Answer> =>
      await world.call('POST', path, body, { ...key.headers, ...ONCE })
    return [await send(), send]
  }

  test('is not replayed to an actor that lost a permission, and is again once it has it back', async () => {
    await using world = await openAcme()
    const key = await makeKey(world)
    const body = { name: 'Another', type: 'secret', roles: ['owner'] }
    const [first, again] = await repeated(world, key, `${ACME}/keys`, body)
    expect(first.status).toBe(201)
    // A key manager still has keys.create, but no longer what the role owner gives.
    for (const roles of [[], ['auditor'], ['key-manager']]) {
      await world.own('PATCH', `${ACME}/keys/${key.id}`, { roles })
      const refused = await again()
      expect([roles, refused.status, refused.body['code']]).toEqual([roles, 403, 'permission_missing'])
      expect(JSON.stringify(refused.body)).not.toContain('sp_sk_')
    }
    await world.own('PATCH', `${ACME}/keys/${key.id}`, { roles: ['owner'] })
    expect(await again()).toMatchObject({ status: 201, body: first.body })
  })

  test('is not replayed to a key that ends before the key which the answer gave', async () => {
    await using world = await openAcme()
    const key = await makeKey(world)
    const [first, again] = await repeated(world, key, `${ACME}/keys`, { name: 'Another', type: 'secret' })
    expect(first.status).toBe(201)
    const expiresAt = new Date(world.clock.nowMs + 60_000).toISOString()
    await world.own('PATCH', `${ACME}/keys/${key.id}`, { expiresAt })
    expect(await again()).toMatchObject({ status: 403, body: { code: 'permission_missing' } })
  })

  test.each([
    ['an organization', '/v1/organizations', { slug: 'third', name: 'Third' }],
    ['a consumer', `${ACME}/consumers`, { name: 'app', environment: 'test' }],
    ['a project', `${ACME}/projects`, { name: 'shop' }],
    ['a pipeline', `${ACME}/pipelines`, { name: 'orders', spec: spec() }],
    ['a roll', `${ACME}/keys/{key}/roll`, {}],
    ['a rotation', `${ACME}/environments/test/signing-keys/rotate`, {}],
  ])('of %s is not replayed after the actor lost its roles', async (_name, path, body) => {
    await using world = await openAcme()
    const key = await makeKey(world)
    const target = await makeKey(world, { roles: [] })
    const [first, again] = await repeated(world, key, path.replace('{key}', target.id), body)
    expect([200, 201]).toContain(first.status)
    await world.own('PATCH', `${ACME}/keys/${key.id}`, { roles: [] })
    const refused = await again()
    expect([403, 404]).toContain(refused.status)
    expect(JSON.stringify(refused.body)).not.toContain('sp_sk_')
  })
})

describe('the address rules of a key', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address })

  test('apply to the management API', async () => {
    await using world = await openAcme({ trustedProxies: ['127.0.0.1/32'] })
    const key = await makeKey(world, { addressRules: ['192.0.2.0/24'] })
    const ask = async (address: string): Promise<Answer> =>
      await world.call('GET', '/v1/whoami', undefined, { ...key.headers, ...from(address) })
    expect(await ask('192.0.2.7')).toMatchObject({ status: 200 })
    expect(await ask('192.0.3.7')).toMatchObject({ status: 403, body: { code: 'address_not_allowed' } })
    // Without the header, the caller is the proxy itself.
    expect(await world.call('GET', '/v1/whoami', undefined, key.headers)).toMatchObject({ status: 403 })
  })

  test('apply to a forged X-Forwarded-For of a caller that is no trusted proxy', async () => {
    await using world = await openAcme()
    const key = await makeKey(world, { addressRules: ['192.0.2.0/24'] })
    const forged = { ...key.headers, ...from('192.0.2.7') }
    expect(await world.call('GET', '/v1/whoami', undefined, forged)).toMatchObject({ status: 403 })
  })

  test('that change are those of the next request', async () => {
    await using world = await openAcme()
    const key = await makeKey(world, { addressRules: ['127.0.0.0/8'] })
    expect(await world.call('GET', ACME, undefined, key.headers)).toMatchObject({ status: 200 })
    await world.own('PATCH', `${ACME}/keys/${key.id}`, { addressRules: ['192.0.2.0/24'] })
    expect(await world.call('GET', ACME, undefined, key.headers)).toMatchObject({ status: 403 })
  })
})

describe('the rate limits of a key', () => {
  test('apply to the management API', async () => {
    await using world = await openAcme()
    const rateLimits = [{ requests: 2, per: 'minute' }]
    const key = await makeKey(world, { rateLimits })
    const ask = async (): Promise<Answer> => await world.call('GET', '/v1/whoami', undefined, key.headers)
    const first = await ask()
    expect(first).toMatchObject({
      status: 200,
      headers: { 'ratelimit-policy': '"key-minute";q=2;w=60', ratelimit: '"key-minute";r=1;t=30' },
    })
    expect(await ask()).toMatchObject({ status: 200 })
    expect(await ask()).toMatchObject({
      status: 429,
      body: { code: 'rate_limited' },
      headers: { 'retry-after': '30', ratelimit: '"key-minute";r=0;t=60' },
    })
    world.clock.nowMs += 30_000
    expect(await ask()).toMatchObject({ status: 200 })
    expect((await world.own('GET', '/v1/whoami')).headers).not.toHaveProperty('ratelimit')
  })

  test('by consumer are shared by its keys', async () => {
    await using world = await openAcme()
    const made = await world.own('POST', `${ACME}/consumers`, { name: 'app', environment: 'test' })
    const consumer = made.body['consumer']?.['id']
    const limited = { roles: [], consumer, rateLimits: [{ requests: 1, per: 'hour', by: 'consumer' }] }
    const [one, two] = [await makeKey(world, limited), await makeKey(world, limited)]
    expect(await world.call('GET', '/v1/whoami', undefined, one.headers)).toMatchObject({ status: 200 })
    expect(await world.call('GET', '/v1/whoami', undefined, two.headers)).toMatchObject({ status: 429 })
  })
})

describe('a key', () => {
  const SOON = { expiresAt: '2026-01-01T00:01:00Z' }
  const BOUNDS: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
    ['expiry', SOON, { expiresAt: null }],
    ['expiry', SOON, { expiresAt: '2026-01-01T00:01:00.001Z' }],
    ['address rules', { addressRules: ['127.0.0.0/8'] }, { addressRules: [] }],
    ['address rules', { addressRules: ['127.0.0.0/8'] }, { addressRules: ['127.0.0.0/7'] }],
    ['address rules', { addressRules: ['127.0.0.0/8'] }, { addressRules: ['127.0.0.1', '10.0.0.1'] }],
    ['limits', { rateLimits: [{ requests: 1000, per: 'hour' }] }, { rateLimits: [] }],
    [
      'limits',
      { rateLimits: [{ requests: 1000, per: 'hour' }] },
      { rateLimits: [{ requests: 1001, per: 'hour' }] },
    ],
    [
      'limits',
      { rateLimits: [{ requests: 1000, per: 'hour' }] },
      { rateLimits: [{ requests: 1000, per: 'minute' }] },
    ],
  ]

  test.each(BOUNDS)('gives no key more than its own %s: %j, not %j', async (_name, own, wider) => {
    await using world = await openAcme()
    const key = await makeKey(world, own)
    const made = (fields: unknown) =>
      world.call('POST', `${ACME}/keys`, { name: 'x', type: 'secret', ...(fields as object) }, key.headers)
    expect(await made({ ...own, ...wider, roles: ['owner'] })).toMatchObject({
      status: 403,
      body: { code: 'permission_missing', permission: 'keys.create' },
    })
    expect(await made({ ...own, ...wider })).toMatchObject({ status: 403 })
    expect(await made({ ...own, roles: ['owner'] })).toMatchObject({ status: 201 })
  })

  test.each(BOUNDS)('does not widen its own %s: %j to %j', async (_name, own, wider) => {
    await using world = await openAcme()
    const key = await makeKey(world, own)
    const change = async (fields: unknown): Promise<Answer> =>
      await world.call('PATCH', `${ACME}/keys/${key.id}`, fields, key.headers)
    expect(await change(wider)).toMatchObject({
      status: 403,
      body: { code: 'permission_missing', permission: 'keys.write' },
    })
    expect(await change({ ...own, name: 'renamed' })).toMatchObject({ status: 200 })
  })

  test.each(BOUNDS)(
    'gives the first key of a consumer no more than its own %s: %j, not %j',
    async (_name, own, wider) => {
      await using world = await openAcme()
      const key = await makeKey(world, own)
      const made = async (bounds: unknown): Promise<Answer> =>
        await world.call(
          'POST',
          `${ACME}/consumers`,
          { name: 'app', environment: 'test', key: bounds },
          key.headers,
        )
      const refusal = { status: 403, body: { code: 'permission_missing', permission: 'keys.create' } }
      expect(await made({})).toMatchObject(refusal)
      expect(await made({ ...own, ...wider })).toMatchObject(refusal)
      const created = await made(own)
      expect(created).toMatchObject({ status: 201 })
      const bounds = async (id: string): Promise<unknown> => {
        const { body } = await world.own('GET', `${ACME}/keys/${id}`)
        return [body['expiresAt'], body['addressRules'], body['rateLimits']]
      }
      expect(await bounds(textOf(created.body['key']?.['id']))).toEqual(await bounds(key.id))
    },
  )

  test('with bounds extends no credential without them', async () => {
    await using world = await openAcme()
    const free = await makeKey(world)
    const off = await makeKey(world, { name: 'Off' })
    await world.own('PATCH', `${ACME}/keys/${off.id}`, { status: 'inactive' })
    const consumer = await world.own('POST', `${ACME}/consumers`, { name: 'app', environment: 'test' })
    const id = textOf(consumer.body['consumer']?.['id'])
    await world.own('PATCH', `${ACME}/consumers/${id}`, { status: 'inactive' })
    const brief = await makeKey(world, SOON)
    const refused: readonly (readonly ['POST' | 'PATCH', string, unknown?])[] = [
      ['POST', `${ACME}/keys/${free.id}/roll`, {}],
      ['PATCH', `${ACME}/keys/${off.id}`, { status: 'active' }],
      ['PATCH', `${ACME}/consumers/${id}`, { status: 'active' }],
      ['POST', `${ACME}/consumers`, { name: 'second', environment: 'test' }],
      ['POST', `${ACME}/consumers/${id}/basic-credentials`, { username: 'app' }],
      ['POST', '/v1/organizations', { slug: 'third', name: 'Third' }],
    ]
    for (const [method, path, body] of refused) {
      const answer = await world.call(method, path, body, brief.headers)
      expect([path, answer.status, answer.body['code']]).toEqual([path, 403, 'permission_missing'])
    }
    // It may still take rights away.
    expect(await world.call('DELETE', `${ACME}/keys/${free.id}`, undefined, brief.headers)).toMatchObject({
      status: 200,
    })
  })

  test('in its grace period gives nothing that outlives the grace, and cannot undo its end', async () => {
    await using world = await openAcme()
    const key = await makeKey(world)
    const rolled = await world.own('POST', `${ACME}/keys/${key.id}/roll`, { graceSeconds: 60 })
    const fresh = bearer(rolled.body['token'])
    const undo = `${ACME}/keys/${key.id}/roll/undo`
    const another = { name: 'x', type: 'secret', roles: ['owner'] }
    expect(await world.call('POST', `${ACME}/keys`, another, key.headers)).toMatchObject({ status: 403 })
    expect(await world.call('POST', undo, undefined, key.headers)).toMatchObject({
      status: 403,
      body: { permission: 'keys.roll' },
    })
    expect(await world.call('POST', undo, undefined, fresh)).toMatchObject({ status: 200 })
  })
})

describe('a public key', () => {
  test('reaches whoami only, and no body of it is parsed', async () => {
    await using world = await openAcme()
    const made = await world.own('POST', `${ACME}/keys`, { name: 'site', type: 'public' })
    const key = bearer(made.body['token'])
    expect(await world.call('GET', '/v1/whoami', undefined, key)).toMatchObject({ status: 200 })
    const { body: document } = await world.call('GET', '/v1/openapi.json')
    const statuses: Record<string, number> = {}
    for (const [template, operations] of Object.entries(document['paths'] ?? {})) {
      if (!template.startsWith('/v1/organizations')) continue
      const query = template.endsWith('/runs') ? '?environment=test' : ''
      const path = template
        .replace('{organization}', 'acme')
        .replace(/\{environment\}/, 'test')
        .replace(/\{\w+\}/g, 'x')
      for (const method of Object.keys(operations)) {
        const verb = method.toUpperCase() as 'GET' | 'POST'
        for (const type of ['application/json', 'application/yaml']) {
          const answer = await world.call(verb, path + query, verb === 'GET' ? undefined : '{', {
            ...key,
            'content-type': type,
          })
          statuses[`${verb} ${template} ${type}`] = answer.status
        }
      }
    }
    expect(Object.keys(statuses).length).toBeGreaterThan(80)
    expect(Object.entries(statuses).filter(([, status]) => ![403, 404].includes(status))).toEqual([])
  })
})

test('a caller without the permission of a route is refused before its body is parsed', async () => {
  await using world = await openAcme()
  const auditor = await makeKey(world, { roles: ['auditor'] })
  const refused = await world.call('POST', `${ACME}/pipelines`, 'a: [', {
    ...auditor.headers,
    'content-type': 'application/yaml',
  })
  expect(refused).toMatchObject({ status: 403, body: { permission: 'pipelines.write' } })
  const elsewhere = await makeKey(world, { environment: 'test' })
  const policy = `${ACME}/environments/prod/policies/external-api-access`
  expect(await world.call('PUT', policy, '{', elsewhere.headers)).toMatchObject({ status: 404 })
})
