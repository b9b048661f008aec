import { planId } from '@sallyport/core'
import { expect, test } from 'vitest'
import { ACME, bearer, openAcme, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'

const PLANS = `${ACME}/environments/test/plans`
const DAILY = { requests: 100, per: 'day', scope: 'environment' }

async function consumerOf(world: AcmeWorld, plan: string | null, name = 'app'): Promise<Answer> {
  return await world.own('POST', `${ACME}/consumers`, { name, environment: 'test', plan })
}

const idOf = ({ body }: Answer): string => textOf(body['consumer']?.['id'])

test('creates, changes, lists, reads and removes a plan, at each step in the snapshot', async () => {
  await using world = await openAcme()
  const inForce = () => [...(world.cell.current.environment('acme', 'test')?.plans.values() ?? [])]
  const made = await world.own('POST', PLANS, { name: 'gold', rateLimits: [{ requests: 100, per: 'day' }] })
  expect(made).toMatchObject({
    status: 201,
    body: { name: 'gold', title: null, description: null, environment: 'test', rateLimits: [DAILY] },
  })
  await world.own('GET', `${ACME}/environments?wait=5`)
  const title = '金'
  const changed = await world.own('PATCH', `${PLANS}/gold?wait=5`, { title })
  expect(changed).toMatchObject({ status: 200, body: { receipt: { confirmed: true } } })
  expect(changed.body['plan']).toMatchObject({ title, rateLimits: [DAILY] })
  expect(inForce()).toMatchObject([{ id: planId('test', 'gold'), rateLimits: [DAILY] }])
  const none = await world.own('PATCH', `${PLANS}/gold?wait=5`, { rateLimits: [] })
  expect(none.body['plan']).toMatchObject({ title, rateLimits: [] })
  expect(inForce()).toMatchObject([{ rateLimits: [] }])
  expect((await world.own('GET', PLANS)).body['items']).toEqual([none.body['plan']])
  expect((await world.own('GET', `${PLANS}/gold`)).body).toEqual(none.body['plan'])
  expect((await world.own('DELETE', `${PLANS}/gold?wait=5`)).status).toBe(200)
  expect(inForce()).toEqual([])
  for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
    const body = method === 'PATCH' ? {} : undefined
    expect((await world.own(method, `${PLANS}/gold`, body)).status).toBe(404)
  }
})

test('invalid rate limits and names are refused, each at its place', async () => {
  await using world = await openAcme()
  await world.own('POST', PLANS, { name: 'gold' })
  for (const [rateLimits, path] of [
    [[{ requests: 1, per: 'day' }, { ...DAILY }], '/rateLimits/1'],
    [[{ requests: 0, per: 'day' }], '/rateLimits/0/requests'],
    [[{ requests: 1.5, per: 'day' }], '/rateLimits/0/requests'],
    [[{ requests: 1_000_000_001, per: 'day' }], '/rateLimits/0/requests'],
    [[{ requests: 1, per: 'year' }], '/rateLimits/0/per'],
    [[{ requests: 1, per: 'day', scope: 'organization' }], '/rateLimits/0/scope'],
    [[{ requests: 1, per: 'day', by: 'consumer' }], '/rateLimits/0/by'],
    [Array.from({ length: 11 }, () => DAILY), '/rateLimits'],
  ] as const) {
    const refusal = { status: 400, body: { errors: [{ path }] } }
    expect(await world.own('POST', PLANS, { name: 'silver', rateLimits })).toMatchObject(refusal)
    expect(await world.own('PATCH', `${PLANS}/gold`, { rateLimits })).toMatchObject(refusal)
  }
  for (const name of ['', 'Gold', 'a/b', '../x', '__proto__', 'x'.repeat(64)]) {
    const refusal = { status: 400, body: { errors: [{ path: '/name' }] } }
    expect(await world.own('POST', PLANS, { name })).toMatchObject(refusal)
  }
  const both = [DAILY, { ...DAILY, scope: 'pipeline' }]
  expect((await world.own('PATCH', `${PLANS}/gold`, { rateLimits: both })).status).toBe(200)
})

test('a name is taken once in an environment, and free in another one', async () => {
  await using world = await openAcme()
  expect((await world.own('POST', PLANS, { name: 'gold' })).status).toBe(201)
  expect(await world.own('POST', PLANS, { name: 'gold' })).toMatchObject({
    status: 409,
    body: { detail: 'A plan named "gold" already exists in test. Choose another name.' },
  })
  const elsewhere = PLANS.replace('test', 'prod')
  expect((await world.own('POST', elsewhere, { name: 'gold' })).status).toBe(201)
})

test('a consumer has a plan of its environment, or none', async () => {
  await using world = await openAcme()
  await world.own('POST', PLANS, { name: 'gold' })
  await world.own('POST', PLANS, { name: 'silver' })
  await world.own('POST', PLANS.replace('test', 'prod'), { name: 'live' })
  const made = await consumerOf(world, 'gold')
  expect(made.body['consumer']).toMatchObject({ plan: 'gold' })
  const one = `${ACME}/consumers/${idOf(made)}`
  const inForce = () => world.cell.current.consumer(idOf(made))?.plan
  for (const [plan, id] of [
    ['silver', planId('test', 'silver')],
    [null, undefined],
  ] as const) {
    const changed = await world.own('PATCH', `${one}?wait=5`, { plan })
    expect(changed).toMatchObject({ status: 200, body: { consumer: { plan } } })
    expect(inForce()).toBe(id)
  }
  await world.own('PATCH', one, { plan: 'gold' })
  const kept = await world.own('PATCH', `${one}?wait=5`, { description: 'An app' })
  expect(kept.body['consumer']).toMatchObject({ plan: 'gold' })
  expect(inForce()).toBe(planId('test', 'gold'))
  for (const plan of ['live', 'bronze', 'Gold']) {
    const refusal = {
      status: 400,
      body: { errors: [{ path: '/plan', message: `There is no plan "${plan}" in test.` }] },
    }
    expect(await world.own('PATCH', one, { plan })).toMatchObject(refusal)
    expect(await consumerOf(world, plan, 'other')).toMatchObject(refusal)
  }
})

test('lists the consumers of a plan', async () => {
  await using world = await openAcme()
  await world.own('POST', PLANS, { name: 'gold' })
  await world.own('POST', PLANS, { name: 'silver' })
  await consumerOf(world, null, 'without')
  const made = await consumerOf(world, 'gold', 'with')
  const list = async (query: string): Promise<Answer> => await world.own('GET', `${ACME}/consumers?${query}`)
  expect((await list('environment=test&plan=gold')).body['items']).toEqual([made.body['consumer']])
  expect((await list('environment=test&plan=silver')).body['items']).toEqual([])
  expect(await list('environment=test&plan=bronze')).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'query/plan', message: 'There is no plan "bronze" in test.' }] },
  })
  expect(await list('plan=gold')).toMatchObject({ status: 400, body: { errors: [{ path: 'query/plan' }] } })
})

test('a plan that consumers have is not removed, and the refusal names those that the caller may read', async () => {
  await using world = await openAcme()
  await world.own('POST', PLANS, { name: 'gold' })
  const made = await consumerOf(world, 'gold')
  const one = `${ACME}/consumers/${idOf(made)}`
  await world.own('PATCH', one, { status: 'inactive' })
  expect(await world.own('DELETE', `${PLANS}/gold`)).toMatchObject({
    status: 409,
    body: {
      code: 'conflict',
      detail: 'Consumers have the plan "gold": app. First give them another plan, or none.',
      usedBy: [{ id: idOf(made), name: 'app' }],
    },
  })
  const permissions = [{ permission: 'consumers.write' }]
  await world.own('POST', `${ACME}/roles`, { name: 'writer', permissions })
  const writer = await world.own('POST', `${ACME}/keys`, { name: 'w', type: 'secret', roles: ['writer'] })
  const blind = await world.call('DELETE', `${PLANS}/gold`, undefined, bearer(writer.body['token']))
  expect([blind.status, blind.body['usedBy']]).toEqual([409, []])
  await world.own('PATCH', one, { plan: null })
  expect((await world.own('DELETE', `${PLANS}/gold`)).status).toBe(200)
})

test('a plan is changed only as it was read', async () => {
  await using world = await openAcme()
  await world.own('POST', PLANS, { name: 'gold' })
  const { headers } = await world.own('GET', `${PLANS}/gold`)
  const ifMatch = { 'if-match': String(headers['etag']) }
  expect((await world.own('PATCH', `${PLANS}/gold`, { title: 'One' }, ifMatch)).status).toBe(200)
  expect((await world.own('PATCH', `${PLANS}/gold`, { title: 'Two' }, ifMatch)).status).toBe(412)
  expect((await world.own('DELETE', `${PLANS}/gold`, undefined, ifMatch)).status).toBe(412)
  expect((await world.own('GET', `${PLANS}/gold`)).body['title']).toBe('One')
})

test('a key with rate limits of its own neither changes those of a plan nor takes a plan from a consumer', async () => {
  await using world = await openAcme()
  await world.own('POST', PLANS, { name: 'gold', rateLimits: [DAILY] })
  const made = await consumerOf(world, 'gold')
  const limited = await world.own('POST', `${ACME}/keys`, {
    name: 'limited',
    type: 'secret',
    roles: ['key-manager'],
    expiresAt: '2026-06-01T00:00:00Z',
    rateLimits: [{ requests: 1000, per: 'minute' }],
  })
  const call = async (path: string, body: unknown): Promise<Answer> =>
    await world.call('PATCH', path, body, bearer(limited.body['token']))
  const refusal = { status: 403, body: { code: 'permission_missing' } }
  expect(await call(`${PLANS}/gold`, { rateLimits: [] })).toMatchObject(refusal)
  expect(await call(`${ACME}/consumers/${idOf(made)}`, { plan: null })).toMatchObject(refusal)
  expect((await call(`${PLANS}/gold`, { title: 'Gold', rateLimits: [DAILY] })).status).toBe(200)
})

test('an environment is removed with its plans', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/environments`, { name: 'stage' })
  const plans = `${ACME}/environments/stage/plans`
  await world.own('POST', plans, { name: 'gold', rateLimits: [DAILY] })
  expect((await world.own('DELETE', `${ACME}/environments/stage?wait=5`)).status).toBe(200)
  expect((await world.own('GET', plans)).status).toBe(404)
  await world.own('POST', `${ACME}/environments?wait=5`, { name: 'stage' })
  expect((await world.own('GET', plans)).body['items']).toEqual([])
})

test('a plan that is chosen and removed at the same time is either', async () => {
  await using world = await openAcme()
  const one = `${ACME}/consumers/${idOf(await consumerOf(world, null))}`
  for (let round = 0; round < 10; round += 1) {
    await world.own('POST', PLANS, { name: 'gold' })
    const calls = [
      async () => (await world.own('PATCH', one, { plan: 'gold' })).status,
      async () => (await world.own('DELETE', `${PLANS}/gold`)).status,
    ]
    const started = (round % 2 === 0 ? calls : calls.toReversed()).map(async (call) => await call())
    const statuses = await Promise.all(started)
    const [chosen, removed] = round % 2 === 0 ? statuses : statuses.toReversed()
    expect([
      [200, 409],
      [400, 200],
    ]).toContainEqual([chosen, removed])
    await world.own('PATCH', one, { plan: null })
    await world.own('DELETE', `${PLANS}/gold`)
  }
})

test('null and what is left out mean what they mean elsewhere', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', PLANS, {
    name: 'gold',
    title: null,
    description: null,
    rateLimits: null,
  })
  expect(made).toMatchObject({ status: 201, body: { title: null, description: null, rateLimits: [] } })
  const described = { title: 'Gold', description: 'For partners', rateLimits: [DAILY] }
  expect((await world.own('PATCH', `${PLANS}/gold`, described)).body['plan']).toMatchObject(described)
  expect((await world.own('PATCH', `${PLANS}/gold`, {})).body['plan']).toMatchObject(described)
  const cleared = { title: null, description: null, rateLimits: null }
  expect((await world.own('PATCH', `${PLANS}/gold`, cleared)).body['plan']).toMatchObject({
    ...cleared,
    rateLimits: [],
  })
  for (const body of [{ name: 'silver' }, { limits: [] }, { environment: 'prod' }]) {
    expect((await world.own('PATCH', `${PLANS}/gold`, body)).status).toBe(400)
  }
})
