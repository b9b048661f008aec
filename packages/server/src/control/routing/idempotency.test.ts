import { describe, expect, test } from 'vitest'
import {
  ACME,
  bearer,
  openAcme,
  openControlWorld,
  SETUP_TOKEN,
  spec,
  textOf,
} from '../testing/control-world.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const CI = { name: 'CI', type: 'secret' }

async function keysNamed(world: Awaited<ReturnType<typeof openAcme>>, name: string): Promise<number> {
  const { body } = await world.own('GET', `${ACME}/keys?limit=200`)
  return Object.values(body['items'] ?? {}).filter((key) => textOf(key['name']) === name).length
}

describe('a POST with an Idempotency-Key', () => {
  test('takes effect once, and repeats the first response', async () => {
    await using world = await openAcme()
    const once = { 'idempotency-key': 'make CI once' }
    const first = await world.own('POST', `${ACME}/keys`, CI, once)
    world.clock.nowMs += DAY_MS - 1
    const second = await world.own('POST', `${ACME}/keys`, CI, once)
    expect(first.status).toBe(201)
    expect(first.headers).not.toHaveProperty('idempotency-replayed')
    expect(second).toMatchObject({
      status: 201,
      headers: { 'idempotency-replayed': 'true' },
      body: first.body,
    })
    expect(await keysNamed(world, 'CI')).toBe(1)
  })

  test('takes effect again after 24 hours', async () => {
    await using world = await openAcme()
    const once = { 'idempotency-key': 'k' }
    await world.own('POST', `${ACME}/keys`, CI, once)
    world.clock.nowMs += DAY_MS
    const second = await world.own('POST', `${ACME}/keys`, CI, once)
    expect(second.status).toBe(201)
    expect(second.headers).not.toHaveProperty('idempotency-replayed')
    const third = await world.own('POST', `${ACME}/keys`, CI, once)
    expect(third).toMatchObject({ headers: { 'idempotency-replayed': 'true' }, body: second.body })
    expect(await keysNamed(world, 'CI')).toBe(2)
  })

  test('is refused for a different request', async () => {
    await using world = await openAcme()
    const once = { 'idempotency-key': 'k' }
    await world.own('POST', `${ACME}/keys`, CI, once)
    for (const [path, body] of [
      [`${ACME}/keys`, { ...CI, name: 'CD' }],
      [`${ACME}/projects`, { name: 'billing' }],
    ] as const) {
      expect(await world.own('POST', path, body, once)).toMatchObject({
        status: 409,
        body: { code: 'conflict' },
      })
    }
  })

  test('applies only to the same caller', async () => {
    await using world = await openAcme()
    const once = { 'idempotency-key': 'k' }
    const other = await world.own('POST', `${ACME}/keys`, { name: 'Other', type: 'secret', roles: ['owner'] })
    await world.own('POST', `${ACME}/keys`, CI, once)
    const second = await world.call('POST', `${ACME}/keys`, CI, { ...once, ...bearer(other.body['token']) })
    expect(second.headers).not.toHaveProperty('idempotency-replayed')
    expect(await keysNamed(world, 'CI')).toBe(2)
  })

  test('stores only successful results', async () => {
    await using world = await openAcme()
    const once = { 'idempotency-key': 'k' }
    const deployment = { pipeline: 'orders', version: '1.0', environment: 'prod' }
    expect(await world.own('POST', `${ACME}/deployments`, deployment, once)).toMatchObject({ status: 404 })
    await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec() })
    const made = await world.own('POST', `${ACME}/deployments`, deployment, once)
    expect(made.status).toBe(201)
    const repeated = await world.own('POST', `${ACME}/deployments`, deployment, once)
    expect(repeated).toMatchObject({ status: 201, body: made.body })
  })

  test('takes effect once among concurrent requests', async () => {
    await using world = await openAcme()
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () =>
        world.own('POST', `${ACME}/keys`, CI, { 'idempotency-key': 'at once' }),
      ),
    )
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1)
    expect(await keysNamed(world, 'CI')).toBe(1)
  })

  test('works for set-up', async () => {
    await using world = await openControlWorld()
    const body = { setupToken: SETUP_TOKEN, organization: { slug: 'acme', name: 'Acme' } }
    const once = { 'idempotency-key': 'set up' }
    const first = await world.call('POST', '/v1/setup', body, once)
    const second = await world.call('POST', '/v1/setup', body, once)
    expect(second).toMatchObject({ status: 201, body: first.body })
    expect(await world.call('POST', '/v1/setup', { ...body, setupToken: 'wrong' }, once)).toMatchObject({
      status: 401,
    })
  })

  test('stores only sealed results', async () => {
    await using world = await openAcme()
    const made = await world.own('POST', `${ACME}/keys`, CI, { 'idempotency-key': 'k' })
    const actor = textOf(made.body['key']?.['createdBy'])
    const row = await world.store.read.idempotency.find(actor, 'k')
    expect(row?.sealedResult).toBeDefined()
    expect(JSON.stringify(row)).not.toContain(textOf(made.body['token']))
  })
})

test.each([
  ['k'.repeat(255), 201],
  ['k'.repeat(256), 400],
  ['', 400],
  ['schlüssel', 400],
])('an Idempotency-Key %s gets %d', async (key, status) => {
  await using world = await openAcme()
  const answer = await world.own('POST', `${ACME}/keys`, CI, { 'idempotency-key': key })
  expect(answer.status).toBe(status)
})
