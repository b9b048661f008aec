import { expect, test } from 'vitest'
import { usageRow } from '../store/testing/examples/usage.ts'
import { ACME, openAcme, textOf } from './testing/control-world.ts'

const DAY_MS = 24 * 60 * 60 * 1000

type World = Awaited<ReturnType<typeof openAcme>>

async function create(world: World, name: string, more: object = {}) {
  const { status, body } = await world.own('POST', `${ACME}/keys`, { name, type: 'secret', ...more })
  expect([name, status]).toEqual([name, 201])
  return { id: textOf(body['key']?.['id']), token: textOf(body['token']) }
}

async function use(world: World, keyId: string, secretSequence = 1): Promise<void> {
  const lastUsedAtMs = world.clock.nowMs
  await world.store.addUsage([
    usageRow({ keyId: keyId as never, secretSequence, minuteMs: lastUsedAtMs, lastUsedAtMs }),
  ])
}

test('lists answer each question, in each order, with a total', async () => {
  await using world = await openAcme()
  const { nowMs } = world.clock
  const list = async (query: string) => {
    const { status, body } = await world.own('GET', `${ACME}/keys?${query}`)
    expect([query, status]).toEqual([query, 200])
    const names = Object.values(body['items'] ?? {}).map((item) => textOf(item['name']))
    expect([query, body['total'], body['totalIsExact']]).toEqual([query, names.length, true])
    return names.filter((name) => name.startsWith('q-'))
  }
  const expiresAt = new Date(nowMs + 10 * DAY_MS).toISOString()
  const used = await create(world, 'q-used mobile', { environment: 'test', expiresAt })
  const rolled = await create(world, 'q-Rolled App', { environment: 'prod', roles: ['developer'] })
  const idle = await create(world, 'q-idle')
  await create(world, 'q-public', { type: 'public' })
  await world.own('PATCH', `${ACME}/keys/${idle.id}`, { status: 'inactive' })
  await world.own('POST', `${ACME}/keys/${rolled.id}/roll`)
  world.clock.nowMs += DAY_MS / 24
  await use(world, used.id)
  await use(world, rolled.id)
  expect(await list('search=MOB')).toEqual(['q-used mobile'])
  expect(await list(`search=${rolled.id}`)).toEqual(['q-Rolled App'])
  expect(await list(`search=${rolled.token.slice(0, 30)}`)).toEqual([])
  expect(await list('search=rol%20app')).toEqual(['q-Rolled App'])
  expect(await list('type=public')).toEqual(['q-public'])
  expect(await list('state=rolling')).toEqual(['q-Rolled App'])
  expect(await list('state=inactive')).toEqual(['q-idle'])
  expect(await list('role=developer')).toEqual(['q-Rolled App'])
  expect(await list('environment=test')).toEqual(['q-used mobile'])
  expect(await list('expiresWithinDays=10')).toEqual(['q-used mobile'])
  expect(await list('expiresWithinDays=9')).toEqual([])
  expect(await list('freshness=overdue')).toEqual([])
  expect(await list('freshness=fresh&neverUsed=false&sort=name')).toEqual(['q-Rolled App', 'q-used mobile'])
  expect(await list('oldSecretUsed=true')).toEqual(['q-Rolled App'])
  expect(await list('oldSecretUsed=false')).toEqual([])
  expect(await list('sort=-name')).toEqual(['q-used mobile', 'q-Rolled App', 'q-public', 'q-idle'])
  expect((await list('sort=expiresAt'))[0]).toBe('q-used mobile')
  expect((await list('sort=-lastUsedAt')).slice(0, 2).toSorted()).toEqual(['q-Rolled App', 'q-used mobile'])
  world.clock.nowMs += DAY_MS
  expect(await list('unusedForDays=1&neverUsed=false&sort=name')).toEqual(['q-Rolled App', 'q-used mobile'])
  expect(await list('unusedForDays=2')).toEqual([])
  await world.own('DELETE', `${ACME}/keys/${idle.id}`)
  expect(await list('state=deleted')).toEqual(['q-idle'])
})

test('refuses a filter that is none, a token in a search, and the cursor of another order', async () => {
  await using world = await openAcme()
  const { token } = await create(world, 'one')
  for (const query of [
    'search=',
    'search=-',
    `search=${token}`,
    'search=a%20b%20c%20d%20e%20f%20g%20h%20i',
    `search=${'a'.repeat(129)}`,
    'type=private',
    'state=outdated',
    'freshness=stale',
    'expiresWithinDays=0',
    'unusedForDays=1.5',
    'neverUsed=yes',
    'oldSecretUsed=',
    'sort=id',
  ]) {
    const { status, body } = await world.own('GET', `${ACME}/keys?${query}`)
    expect([query, status, JSON.stringify(body).includes(token)]).toEqual([query, 400, false])
  }
  const { body } = await world.own('GET', `${ACME}/keys?limit=1&sort=name`)
  const cursor = encodeURIComponent(textOf(body['next']))
  expect(await world.own('GET', `${ACME}/keys?limit=1&sort=name&cursor=${cursor}`)).toMatchObject({
    status: 200,
  })
  expect(await world.own('GET', `${ACME}/keys?limit=1&sort=-name&cursor=${cursor}`)).toMatchObject({
    status: 400,
  })
})

test('a total counts only keys that its reader may see', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/roles`, {
    name: 'reader',
    permissions: [{ permission: 'keys.read', environment: 'test' }],
  })
  const reader = await create(world, 'reader', { environment: 'test', roles: ['reader'] })
  await create(world, 'hidden', { environment: 'prod' })
  const authorization = `Bearer ${reader.token}`
  for (const query of ['', 'search=hidden', 'neverUsed=true&search=reader', 'sort=-lastUsedAt']) {
    const { body } = await world.call('GET', `${ACME}/keys?${query}`, undefined, { authorization })
    expect([query, body['total']]).toEqual([query, query === 'search=hidden' ? 0 : 1])
  }
})

test('a look-up tells whose a token is and why it is refused, and nothing to others', async () => {
  await using world = await openAcme()
  const { id, token } = await create(world, 'k', { environment: 'prod' })
  const lookUp = async (sent: string, authorization?: string) =>
    authorization === undefined
      ? await world.own('POST', `${ACME}/keys/lookup`, { token: sent })
      : await world.call('POST', `${ACME}/keys/lookup`, { token: sent }, { authorization })
  expect(await lookUp(token)).toMatchObject({
    status: 200,
    body: { key: { id, name: 'k' }, state: 'active', code: null },
  })
  const next = textOf((await world.own('POST', `${ACME}/keys/${id}/roll`)).body['token'])
  expect(await lookUp(token)).toMatchObject({ body: { key: { id }, state: 'rolling', code: null } })
  await world.own('POST', `${ACME}/keys/${id}/roll/finish`)
  const outdated = await lookUp(token)
  expect(outdated).toMatchObject({ body: { key: { id }, state: 'active', code: 'key_outdated' } })
  expect(JSON.stringify(outdated.body)).not.toContain(token)
  await world.own('PATCH', `${ACME}/keys/${id}`, { status: 'inactive' })
  expect(await lookUp(next)).toMatchObject({ body: { state: 'inactive', code: 'key_inactive' } })
  await world.own('PATCH', `${ACME}/keys/${id}`, {
    status: 'active',
    expiresAt: new Date(world.clock.nowMs + 1000).toISOString(),
  })
  expect(await lookUp(next)).toMatchObject({ body: { state: 'active', code: null } })
  world.clock.nowMs += 1000
  expect(await lookUp(next)).toMatchObject({ body: { state: 'expired', code: 'key_expired' } })
  await world.own('DELETE', `${ACME}/keys/${id}`)
  expect(await lookUp(next)).toMatchObject({ body: { key: { id }, state: 'deleted', code: 'key_deleted' } })

  await world.own('POST', `${ACME}/roles`, {
    name: 'reader',
    permissions: [{ permission: 'keys.read', environment: 'test' }],
  })
  const reader = await create(world, 'reader', { roles: ['reader'], environment: 'test' })
  const authorization = `Bearer ${reader.token}`
  expect(await lookUp(reader.token, authorization)).toMatchObject({ status: 200 })
  const hidden = await lookUp(next, authorization)
  expect(hidden.status).toBe(404)
  const without = ({ body }: typeof hidden) => ({ ...body, instance: undefined, requestId: undefined })
  // An unknown secret of a known key, a text that is no token, and a token that nobody has.
  for (const unknown of [`${next.slice(0, -8)}00000000`, 'sp_sk_none', 'x']) {
    expect(without(await lookUp(unknown, authorization))).toEqual(without(hidden))
    expect(without(await lookUp(unknown))).toEqual(without(hidden))
  }
  expect(world.log()).not.toContain(token)
})
