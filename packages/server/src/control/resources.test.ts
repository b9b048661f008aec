import { describe, expect, test } from 'vitest'
import {
  ACME,
  bearer,
  openAcme,
  openControlWorld,
  SETUP_TOKEN,
  spec,
  textOf,
} from './testing/control-world.ts'

const MOMENT = /^2026-01-01T00:00:00\.000Z$/
const organization = { slug: 'acme', name: 'Acme' }

describe('set-up', () => {
  test('creates the first organization and its owner key once', async () => {
    await using world = await openControlWorld()
    const made = await world.call('POST', '/v1/setup', { setupToken: SETUP_TOKEN, organization })
    expect(made).toMatchObject({
      status: 201,
      body: {
        organization: { ...organization, createdAt: expect.stringMatching(MOMENT) },
        key: { name: 'Owner', type: 'secret', roles: ['owner'], state: 'active' },
        token: expect.stringMatching(/^sp_sk_[0-9A-Za-z]{16}_[0-9A-Za-z]{38}$/),
      },
    })
    const again = await world.call('POST', '/v1/setup', {
      setupToken: SETUP_TOKEN,
      organization: { slug: 'other', name: 'Other' },
    })
    expect(again).toMatchObject({ status: 409, body: { code: 'already_set_up' } })
  })

  test('demands the set-up token', async () => {
    await using world = await openControlWorld()
    const refused = await world.call('POST', '/v1/setup', { setupToken: `${SETUP_TOKEN}x`, organization })
    expect(refused).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer /)
    expect(await world.store.read.organizations.first()).toBeUndefined()
  })
})

test('whoami returns the key and its permissions', async () => {
  await using world = await openAcme()
  const answer = await world.own('GET', '/v1/whoami')
  expect(answer).toMatchObject({
    status: 200,
    body: { organization: 'acme', key: { type: 'secret', name: 'Owner' } },
  })
  expect(answer.body['permissions']).toContainEqual({ permission: 'keys.create' })
  const keys = await world.own('GET', `${ACME}/keys`)
  const publicKey = Object.values(keys.body['items'] ?? {}).find(
    (key) => key['type'] !== undefined && key['token'],
  )
  expect(await world.call('GET', '/v1/whoami', undefined, bearer(publicKey?.['token']))).toMatchObject({
    status: 200,
    body: { organization: 'acme', key: { type: 'public', name: 'Default API Key' }, permissions: [] },
  })
})

test('organizations: created by the first one, listed, read and renamed', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', '/v1/organizations', { slug: 'partner', name: 'Partner' })
  expect(made).toMatchObject({
    status: 201,
    body: { organization: { slug: 'partner' }, key: { name: 'Owner' } },
  })
  const partner = bearer(made.body['token'])
  expect(await world.own('GET', '/v1/organizations')).toMatchObject({
    status: 200,
    body: { items: [{ slug: 'acme' }, { slug: 'partner' }], next: null },
  })
  expect(await world.call('GET', '/v1/organizations', undefined, partner)).toMatchObject({
    body: { items: [{ slug: 'partner' }] },
  })
  expect(await world.call('GET', ACME, undefined, partner)).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
  expect(await world.own('PATCH', ACME, { name: 'Acme Ltd' })).toMatchObject({
    status: 200,
    body: { organization: { slug: 'acme', name: 'Acme Ltd' }, receipt: { confirmed: true } },
  })
  expect(await world.own('GET', ACME)).toMatchObject({ body: { name: 'Acme Ltd' } })
})

test('environments: created, moved and removed', async () => {
  await using world = await openAcme()
  expect(await world.own('POST', `${ACME}/environments`, { name: 'staging', position: 1 })).toMatchObject({
    status: 201,
    body: { name: 'staging', position: 1 },
  })
  const names = async (): Promise<unknown> =>
    Object.values((await world.own('GET', `${ACME}/environments`)).body['items'] ?? {}).map(
      (item) => item['name'],
    )
  expect(await names()).toEqual(['test', 'staging', 'prod'])
  expect(await world.own('PATCH', `${ACME}/environments/staging`, { position: 0 })).toMatchObject({
    status: 200,
    body: { environment: { name: 'staging', position: 0 }, receipt: { confirmed: true } },
  })
  expect(await names()).toEqual(['staging', 'test', 'prod'])
  expect(await world.own('DELETE', `${ACME}/environments/staging?wait=0`)).toMatchObject({
    status: 200,
    body: { receipt: { revision: expect.any(Number) } },
  })
  expect(await world.own('DELETE', `${ACME}/environments/staging`)).toMatchObject({ status: 404 })
})

test('environments: serve when stale unless they are told to refuse', async () => {
  await using world = await openAcme()
  const whenStale = async (name: string): Promise<unknown> =>
    (await world.own('GET', `${ACME}/environments/${name}`)).body['whenStale']
  expect(await world.own('POST', `${ACME}/environments`, { name: 'staging' })).toMatchObject({
    status: 201,
    body: { whenStale: 'serve' },
  })
  expect(await whenStale('prod')).toBe('serve')
  const change = async (body: unknown) => await world.own('PATCH', `${ACME}/environments/prod`, body)
  const refusing = await change({ whenStale: 'refuse' })
  expect(refusing).toMatchObject({
    status: 200,
    body: { environment: { name: 'prod', whenStale: 'refuse' }, receipt: { confirmed: true } },
  })
  expect([await whenStale('prod'), await whenStale('staging')]).toEqual(['refuse', 'serve'])
  expect((await change({ requiresPrevious: true })).body).toMatchObject({
    environment: { whenStale: 'refuse', requiresPrevious: true },
  })
  // Null is the value of a new environment.
  expect((await change({ whenStale: null })).body).toMatchObject({ environment: { whenStale: 'serve' } })
  expect(
    await world.own('POST', `${ACME}/environments`, { name: 'payments', whenStale: 'refuse' }),
  ).toMatchObject({
    body: { whenStale: 'refuse' },
  })
  for (const wrong of ['Refuse', 'stop', true, '', ['refuse']]) {
    expect(await change({ whenStale: wrong })).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/whenStale' }] },
    })
  }
  expect((await change({})).status).toBe(400)
})

test('policies: read, dry run, set, and conformity', async () => {
  await using world = await openAcme()
  const policy = `${ACME}/environments/prod/policies/external-api-access`
  expect(await world.own('GET', policy)).toMatchObject({
    status: 200,
    body: { mode: 'any', version: 1, updatedBy: 'setup', conformity: { total: 0, conforming: 0 } },
  })
  await world.own('POST', `${ACME}/pipelines`, { name: 'open', spec: spec({ authentication: {} }) })
  await world.own('POST', `${ACME}/deployments`, { pipeline: 'open', version: '1.0', environment: 'prod' })
  const affected = [{ pipeline: 'open', version: '1.0', violations: [{ rule: 'api-key-required' }] }]
  const tried = await world.own('PUT', policy, { mode: 'api-key', dryRun: true })
  expect(tried).toMatchObject({ status: 200, body: { version: 1, affected } })
  expect(tried.body).not.toHaveProperty('receipt')
  expect(await world.own('GET', policy)).toMatchObject({ body: { mode: 'any', version: 1 } })
  expect(await world.own('PUT', policy, { mode: 'api-key' })).toMatchObject({
    status: 200,
    body: { mode: 'api-key', version: 2, affected, receipt: { confirmed: true } },
  })
  expect(await world.own('GET', `${ACME}/environments/prod/conformity`)).toMatchObject({
    status: 200,
    body: { items: [{ pipeline: 'open', version: '1.0', conforming: false }], next: null },
  })
})

test('projects: created, described and removed', async () => {
  await using world = await openAcme()
  world.clock.nowMs += 1
  expect(await world.own('POST', `${ACME}/projects`, { name: 'billing' })).toMatchObject({
    status: 201,
    body: { name: 'billing', description: null },
  })
  expect(await world.own('PATCH', `${ACME}/projects/billing`, { description: 'Invoices' })).toMatchObject({
    status: 200,
    body: { project: { description: 'Invoices' }, receipt: { confirmed: true } },
  })
  expect(await world.own('GET', `${ACME}/projects/billing`)).toMatchObject({
    body: { description: 'Invoices' },
  })
  expect(await world.own('GET', `${ACME}/projects`)).toMatchObject({
    body: { items: [{ name: 'default' }, { name: 'billing' }] },
  })
  expect(await world.own('DELETE', `${ACME}/projects/default`)).toMatchObject({ status: 409 })
  expect(await world.own('DELETE', `${ACME}/projects/billing`)).toMatchObject({ status: 200 })
})

test('pipelines and versions: stores the spec as it was written', async () => {
  await using world = await openAcme()
  expect(await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec() })).toMatchObject({
    status: 201,
    body: { name: 'orders', project: 'default', version: '1.0', spec: spec() },
  })
  const changed = spec({ methods: ['GET'] })
  expect(await world.own('POST', `${ACME}/pipelines/orders/versions`, { spec: changed })).toMatchObject({
    status: 201,
    body: { version: '1.1', spec: changed },
  })
  expect(
    await world.own('POST', `${ACME}/pipelines/orders/versions`, { spec: changed, bump: 'major' }),
  ).toMatchObject({ status: 201, body: { version: '2.0' } })
  expect(await world.own('GET', `${ACME}/pipelines/orders`)).toMatchObject({
    body: { version: '2.0', spec: changed },
  })
  expect(await world.own('GET', `${ACME}/pipelines/orders/versions`)).toMatchObject({
    body: { items: [{ version: '1.0', spec: spec() }, { version: '1.1' }, { version: '2.0' }] },
  })
  expect(await world.own('GET', `${ACME}/pipelines?project=none`)).toMatchObject({ status: 400 })
  expect(await world.own('DELETE', `${ACME}/pipelines/orders`)).toMatchObject({ status: 200 })
  expect(await world.own('GET', `${ACME}/pipelines/orders`)).toMatchObject({ status: 404 })
})

test('deployments: dry run, refused with every violation, deployed and removed', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec() })
  const deployment = { pipeline: 'orders', version: '1.0', environment: 'prod' }
  expect(await world.own('POST', `${ACME}/deployments`, { ...deployment, dryRun: true })).toMatchObject({
    status: 200,
    body: { id: null, url: 'http://127.0.0.1:8081/acme/prod/v1/orders', warnings: [] },
  })
  expect(await world.own('GET', `${ACME}/deployments`)).toMatchObject({ body: { items: [] } })
  const made = await world.own('POST', `${ACME}/deployments`, deployment)
  expect(made).toMatchObject({ status: 201, body: { ...deployment, replaced: null } })
  expect(world.cell.current.environment('acme', 'prod')?.deployments.size).toBe(1)

  const jwt = spec({ path: '/v1/orders', authentication: { jwt: true } })
  await world.own('PUT', `${ACME}/environments/prod/policies/external-api-access`, { mode: 'api-key' })
  await world.own('POST', `${ACME}/pipelines`, { name: 'rival', spec: jwt })
  const refused = await world.own('POST', `${ACME}/deployments`, { ...deployment, pipeline: 'rival' })
  expect(refused).toMatchObject({ status: 422, body: { code: 'deployment_refused' } })
  expect(Object.values(refused.body['violations'] ?? {}).map((violation) => violation['rule'])).toEqual(
    expect.arrayContaining(['api-key-required', expect.stringContaining('route')]),
  )
  expect(await world.own('DELETE', `${ACME}/deployments/${textOf(made.body['id'])}`)).toMatchObject({
    status: 200,
    body: { receipt: { confirmed: true } },
  })
  expect(await world.own('GET', `${ACME}/deployments`)).toMatchObject({ body: { items: [] } })
})

test('consumers: created with a key, updated, switched off and removed', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec() })
  const made = await world.own('POST', `${ACME}/consumers`, {
    name: 'mobile-app',
    environment: 'prod',
    pipelines: ['orders'],
  })
  expect(made).toMatchObject({
    status: 201,
    body: {
      consumer: { name: 'mobile-app', environment: 'prod', status: 'active', pipelines: ['orders'] },
      key: { type: 'secret', environment: 'prod' },
      token: expect.stringMatching(/^sp_sk_/),
    },
  })
  const one = `${ACME}/consumers/${textOf(made.body['consumer']?.['id'])}`
  expect(await world.own('GET', one)).toMatchObject({ status: 200, body: { name: 'mobile-app' } })
  expect(await world.own('PATCH', one, { status: 'inactive', pipelines: [] })).toMatchObject({
    status: 200,
    body: { consumer: { status: 'inactive', pipelines: [] }, receipt: { confirmed: true } },
  })
  expect(await world.own('GET', `${ACME}/consumers?environment=test`)).toMatchObject({ body: { items: [] } })
  expect(await world.own('DELETE', one)).toMatchObject({ status: 200 })
  expect(await world.own('GET', one)).toMatchObject({ status: 404 })
})

test('keys: created, read, updated and deleted', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', `${ACME}/keys`, {
    name: 'CI',
    type: 'secret',
    environment: 'prod',
    roles: ['developer'],
    expiresAt: '2026-02-01T01:00:00+01:00',
    addressRules: ['203.0.113.7', '2001:db8::/32'],
    rateLimits: [{ requests: 10, per: 'minute' }],
    labels: { team: 'payments' },
  })
  const id = textOf(made.body['key']?.['id'])
  const key = {
    id,
    name: 'CI',
    type: 'secret',
    environment: 'prod',
    consumer: null,
    roles: ['developer'],
    state: 'active',
    status: 'active',
    createdAt: '2026-01-01T00:00:00.000Z',
    createdBy: expect.stringMatching(/^key_/),
    expiresAt: '2026-02-01T00:00:00.000Z',
    secrets: [
      {
        hint: expect.stringMatching(/^sp_sk_[0-9A-Za-z]{16}_…[0-9A-Za-z]{4}$/),
        createdAt: '2026-01-01T00:00:00.000Z',
        expiresAt: null,
        requests: 0,
        lastUsedAt: null,
        lastUsedAddress: null,
      },
    ],
    freshness: 'fresh',
    lifetimeEndsAt: null,
    warnings: [],
    addressRules: ['203.0.113.7/32', '2001:db8::/32'],
    rateLimits: [{ requests: 10, per: 'minute', by: 'credential' }],
    labels: { team: 'payments' },
  }
  expect(made).toMatchObject({ status: 201 })
  expect(made.body).toEqual({ key, token: expect.stringMatching(/^sp_sk_/) })
  expect((await world.own('GET', `${ACME}/keys/${id}`)).body).toEqual({
    ...key,
    consumerName: null,
    roll: null,
    rotation: null,
  })

  const changed = await world.own('PATCH', `${ACME}/keys/${id}`, { status: 'inactive', expiresAt: null })
  expect(changed).toMatchObject({
    status: 200,
    body: { key: { state: 'inactive', status: 'inactive', expiresAt: null }, receipt: { confirmed: true } },
  })
  expect(await world.own('DELETE', `${ACME}/keys/${id}`)).toMatchObject({
    status: 200,
    body: {
      receipt: {
        confirmed: true,
        gateways: [{ id: 'gateway-1', confirmed: true, seenAt: expect.stringMatching(MOMENT) }],
      },
    },
  })
  expect(await world.own('GET', `${ACME}/keys/${id}`)).toMatchObject({
    status: 200,
    body: { state: 'deleted' },
  })
  const ids = async (query: string): Promise<unknown[]> =>
    Object.values((await world.own('GET', `${ACME}/keys${query}`)).body['items'] ?? {}).map(
      (item) => item['id'],
    )
  expect(await ids('')).not.toContain(id)
  expect(await ids('?includeDeleted=true')).toContain(id)
})

test('a public key can be read with its token, a secret key never', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', `${ACME}/keys`, { name: 'Web', type: 'public' })
  const read = await world.own('GET', `${ACME}/keys/${textOf(made.body['key']?.['id'])}`)
  expect(read.body['token']).toBe(made.body['token'])
  const secret = await world.own('POST', `${ACME}/keys`, { name: 'CI', type: 'secret' })
  const kept = await world.own('GET', `${ACME}/keys/${textOf(secret.body['key']?.['id'])}`)
  expect(kept.body).not.toHaveProperty('token')
})

test('verify returns the key', async () => {
  await using world = await openAcme({
    verify: ({ actor }, input) => ({
      valid: true,
      code: 'valid',
      missing: [],
      consumer: 'con_1',
      key: {
        id: actor.id,
        isPublic: false,
        organization: input.organization,
        environment: input.environment ?? null,
        consumer: 'con_1',
        roles: ['invoker'],
        labels: { team: 'payments' },
      },
      asOfRevision: 7,
    }),
  })
  const token = 'sp_sk_whatever'
  expect(
    await world.own('POST', `${ACME}/verify`, { token, environment: 'prod', method: 'GET' }),
  ).toMatchObject({
    status: 200,
    body: {
      valid: true,
      code: 'valid',
      key: {
        id: expect.stringMatching(/^key_/),
        type: 'secret',
        environment: 'prod',
        labels: { team: 'payments' },
      },
      consumer: { id: 'con_1' },
      organization: 'acme',
      roles: ['invoker'],
      asOfRevision: 7,
    },
  })
  expect(await world.own('POST', `${ACME}/verify`, { token, address: 'here' })).toMatchObject({
    status: 400,
    body: { errors: [{ path: '/address' }] },
  })
})

test('audit events record every action, without secrets', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/keys`, { name: 'CI', type: 'secret' })
  expect(await world.own('GET', `${ACME}/gateways`)).toMatchObject({
    status: 200,
    body: {
      items: [{ id: 'gateway-1', role: 'gateway', revision: world.cell.current.revision, stale: false }],
      next: null,
    },
  })
  const events = await world.own('GET', `${ACME}/audit-events`)
  expect(Object.values(events.body['items'] ?? {}).at(0)).toMatchObject({
    sequence: expect.any(Number),
    at: expect.stringMatching(MOMENT),
    actor: expect.stringMatching(/^key_/),
    action: 'keys.create',
    target: expect.stringMatching(/^key\/key_/),
    before: null,
  })
  expect(JSON.stringify(events.body)).not.toMatch(/sp_sk_[0-9A-Za-z]{16}_/)
})

test('health routes and metrics', async () => {
  await using world = await openAcme()
  expect(await world.call('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'alive' } })
  expect(await world.call('GET', '/readyz')).toMatchObject({
    status: 200,
    body: { ready: true, revision: expect.any(Number), snapshotAgeSeconds: 0 },
  })
  const metrics = await world.app.inject('/metrics')
  expect(metrics.payload).toContain(
    'http_server_request_duration_seconds_count{sallyport_entrance="control",sallyport_outcome="valid",http_request_method="POST",url_scheme="http",http_route="/v1/setup",http_response_status_code="201"} 1',
  )
})

test('readyz responds 503 if the server is not ready', async () => {
  await using world = await openControlWorld({
    readiness: () => ({ ready: false, revision: 0, snapshotAgeSeconds: null }),
  })
  expect(await world.call('GET', '/readyz')).toMatchObject({
    status: 503,
    body: { ready: false, snapshotAgeSeconds: null },
  })
})
