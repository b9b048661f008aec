import { describe, expect, test } from 'vitest'
import { ACME, type AcmeWorld, bearer, openAcme, textOf } from './testing/control-world.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const POLICY = `${ACME}/environments/prod/policies/key-age`
const ORGANIZATION_POLICY = `${ACME}/policies/key-age`
const NONE = { rotationReminderDays: null, maxLifetimeDays: null }

async function keyOf(world: AcmeWorld, name: string, more: object = {}): Promise<string> {
  const key = { name, type: 'secret', environment: 'prod', ...more }
  const { body } = await world.own('POST', `${ACME}/keys`, key)
  return textOf(body['key']?.['id'])
}

async function listed(world: AcmeWorld, query: string): Promise<readonly string[]> {
  const { body } = await world.own('GET', `${ACME}/keys?environment=prod&sort=name&${query}`)
  return Object.values(body['items'] ?? {}).map((item) => textOf(item['name']))
}

describe('The policy about the age of keys', () => {
  test.each([POLICY, ORGANIZATION_POLICY])('is read, tried and set: %s', async (policy) => {
    await using world = await openAcme()
    expect(await world.own('GET', policy)).toMatchObject({
      status: 200,
      body: { ...NONE, version: 0, updatedAt: null, updatedBy: null },
    })
    const wanted = { rotationReminderDays: 90, maxLifetimeDays: 365 }
    const tried = await world.own('PUT', policy, { ...wanted, dryRun: true })
    expect(tried).toMatchObject({ status: 200, body: { ...wanted, version: 0, updatedBy: null } })
    expect(tried.body).not.toHaveProperty('receipt')
    expect((await world.own('GET', policy)).body).toMatchObject({ ...NONE, version: 0 })
    const saved = await world.own('PUT', `${policy}?wait=1`, wanted)
    expect(saved).toMatchObject({
      status: 200,
      body: { ...wanted, version: 1, receipt: { confirmed: true } },
    })
    const { affected, affectedTotal, affectedTotalIsExact, receipt: _, ...shown } = saved.body
    expect({ affected, affectedTotal, affectedTotalIsExact }).toEqual({
      affectedTotalIsExact: true,
      affected: tried.body['affected'],
      affectedTotal: tried.body['affectedTotal'],
    })
    expect((await world.own('GET', policy)).body).toEqual(shown)
    expect((await world.own('PUT', policy, NONE)).body).toMatchObject({ ...NONE, version: 2, affected: [] })
  })

  test.each([
    ['rotationReminderDays', 91],
    ['rotationReminderDays', '90'],
    ['rotationReminderDays', undefined],
    ['maxLifetimeDays', 0],
    ['maxLifetimeDays', 3651],
    ['maxLifetimeDays', 1.5],
    ['maxLifetimeDays', undefined],
    ['maxLifetime', 5],
    ['dryRun', 'yes'],
  ])('takes no %s of %s', async (member, value) => {
    await using world = await openAcme()
    const body = { ...NONE, [member]: value }
    for (const policy of [POLICY, ORGANIZATION_POLICY]) {
      const answer = await world.own('PUT', policy, body)
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
      expect(JSON.stringify(answer.body['errors'])).toContain(member)
    }
    expect((await world.own('PUT', POLICY, { ...NONE, maxLifetimeDays: 1 })).status).toBe(200)
    expect((await world.own('PUT', POLICY, { ...NONE, maxLifetimeDays: 3650 })).status).toBe(200)
  })

  test('lists the first hundred keys that a maximum ends, and the number of all', async () => {
    await using world = await openAcme()
    for (let index = 0; index < 101; index += 1) {
      await keyOf(world, `k${index}`)
      world.clock.nowMs += 1000
    }
    await keyOf(world, 'short', { expiresAt: new Date(world.clock.nowMs + DAY_MS).toISOString() })
    await keyOf(world, 'elsewhere', { environment: 'test' })
    const { body } = await world.own('PUT', POLICY, { ...NONE, maxLifetimeDays: 1, dryRun: true })
    expect(body['affectedTotal']).toBe(101)
    const affected = Object.values(body['affected'] ?? {})
    expect(affected.map((item) => textOf(item['name']))).toEqual(
      Array.from({ length: 100 }, (_, index) => `k${index}`),
    )
    const first = await world.own('GET', `${ACME}/keys/${textOf(affected[0]?.['key'])}`)
    const createdAtMs = Date.parse(textOf(first.body['createdAt']))
    expect(affected[0]).toEqual({
      key: first.body['id'],
      name: 'k0',
      consumer: null,
      stopsAt: new Date(Math.floor(createdAtMs / 1000) * 1000 + DAY_MS).toISOString(),
    })
  })

  test('names keys only to callers that may read them', async () => {
    await using world = await openAcme()
    await keyOf(world, 'hidden')
    const made = await world.own('POST', `${ACME}/keys`, {
      name: 'manager',
      type: 'secret',
      roles: ['policy-manager'],
    })
    const manager = bearer(made.body['token'])
    const wanted = { ...NONE, maxLifetimeDays: 1, dryRun: true }
    const { status, body } = await world.call('PUT', POLICY, wanted, manager)
    expect([status, body['affected'], body['affectedTotal']]).toEqual([200, [], 1])
    expect((await world.own('PUT', POLICY, wanted)).body['affected']).toMatchObject([{ name: 'hidden' }])
  })

  test('cannot end every owner at once', async () => {
    await using world = await openAcme()
    world.clock.nowMs += 2 * DAY_MS
    const wanted = { ...NONE, maxLifetimeDays: 2 }
    const refused = await world.own('PUT', ORGANIZATION_POLICY, wanted)
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await world.own('GET', ORGANIZATION_POLICY)).body).toMatchObject({ ...NONE, version: 0 })
    expect((await world.own('PUT', ORGANIZATION_POLICY, { ...NONE, maxLifetimeDays: 3 })).status).toBe(200)
    // The owner's key has no environment, so the policy of one does not end it.
    expect((await world.own('PUT', POLICY, wanted)).status).toBe(200)
  })
})

describe('A key', () => {
  test('is fresh, due and overdue by the age of its newest secret', async () => {
    await using world = await openAcme()
    const id = await keyOf(world, 'aging')
    const { body } = await world.own('GET', `${ACME}/keys/${id}`)
    const secondMs = Math.floor(Date.parse(textOf(body['createdAt'])) / 1000) * 1000
    await world.own('PUT', POLICY, { ...NONE, rotationReminderDays: 90 })
    const expectFreshness = async (atMs: number, freshness: string) => {
      world.clock.nowMs = atMs
      expect((await world.own('GET', `${ACME}/keys/${id}`)).body).toMatchObject({
        freshness,
        lifetimeEndsAt: null,
        warnings: [],
      })
      for (const each of ['fresh', 'due', 'overdue'])
        expect(await listed(world, `freshness=${each}`)).toEqual(each === freshness ? ['aging'] : [])
    }
    await expectFreshness(secondMs + 90 * DAY_MS - 1, 'fresh')
    await expectFreshness(secondMs + 90 * DAY_MS, 'due')
    await expectFreshness(secondMs + 180 * DAY_MS - 1, 'due')
    await expectFreshness(secondMs + 180 * DAY_MS, 'overdue')
    await world.own('PUT', POLICY, { ...NONE, rotationReminderDays: 180 })
    await expectFreshness(secondMs + 180 * DAY_MS, 'due')
    await world.own('PUT', POLICY, NONE)
    await expectFreshness(secondMs + 180 * DAY_MS, 'fresh')
    await world.own('PUT', POLICY, { ...NONE, rotationReminderDays: 90 })
    expect((await world.own('POST', `${ACME}/keys/${id}/roll`)).status).toBe(200)
    await expectFreshness(secondMs + 180 * DAY_MS, 'fresh')
  })

  test('warns from 30 days before its earliest end, and expires there', async () => {
    await using world = await openAcme()
    const id = await keyOf(world, 'ending')
    const { body } = await world.own('GET', `${ACME}/keys/${id}`)
    const secondMs = Math.floor(Date.parse(textOf(body['createdAt'])) / 1000) * 1000
    await world.own('PUT', POLICY, { ...NONE, maxLifetimeDays: 100 })
    const endsAtMs = secondMs + 100 * DAY_MS
    const endsAt = new Date(endsAtMs).toISOString()
    const read = async (atMs: number) => {
      world.clock.nowMs = atMs
      const key = (await world.own('GET', `${ACME}/keys/${id}`)).body
      const warnings = Object.values(key['warnings'] ?? {})
      return [key['state'], key['lifetimeEndsAt'], warnings.map(({ code, endsAt: at }) => [code, at])]
    }
    expect(await read(endsAtMs - 30 * DAY_MS - 1)).toEqual(['active', endsAt, []])
    expect(await read(endsAtMs - 30 * DAY_MS)).toEqual(['active', endsAt, [['lifetime_ends', endsAt]]])
    const expiresAt = new Date(endsAtMs - 1).toISOString()
    await world.own('PATCH', `${ACME}/keys/${id}`, { expiresAt })
    expect(await read(endsAtMs - DAY_MS)).toEqual(['active', endsAt, [['expires', expiresAt]]])
    await world.own('PATCH', `${ACME}/keys/${id}`, { expiresAt: new Date(endsAtMs + DAY_MS).toISOString() })
    expect(await read(endsAtMs - 1)).toEqual(['active', endsAt, [['lifetime_ends', endsAt]]])
    expect(await listed(world, 'state=active')).toEqual(['ending'])
    expect(await listed(world, 'expiresWithinDays=1')).toEqual(['ending'])
    expect(await read(endsAtMs)).toEqual(['expired', endsAt, []])
    expect(await listed(world, 'state=active')).toEqual([])
    expect(await listed(world, 'state=expired')).toEqual(['ending'])
    expect(await listed(world, 'expiresWithinDays=1')).toEqual([])
    // A roll never revives a key; a longer lifetime does.
    expect(await world.own('POST', `${ACME}/keys/${id}/roll`)).toMatchObject({
      status: 409,
      body: { code: 'key_not_rollable' },
    })
    await world.own('PUT', POLICY, { ...NONE, maxLifetimeDays: 101 })
    expect((await world.own('POST', `${ACME}/keys/${id}/roll`)).status).toBe(200)
    const rolledEndsAt = new Date(endsAtMs + 101 * DAY_MS).toISOString()
    expect((await read(endsAtMs)).slice(0, 2)).toEqual(['rolling', rolledEndsAt])
  })

  test('does not call the management API after its lifetime', async () => {
    await using world = await openAcme()
    const made = await world.own('POST', `${ACME}/keys`, { name: 'a', type: 'secret', roles: ['auditor'] })
    const caller = bearer(made.body['token'])
    const secondMs = Math.floor(world.clock.nowMs / 1000) * 1000
    world.clock.nowMs += 5000
    await world.own('POST', `${ACME}/keys`, { name: 'o', type: 'secret', roles: ['owner'] })
    await world.own('PUT', ORGANIZATION_POLICY, { ...NONE, maxLifetimeDays: 1 })
    world.clock.nowMs = secondMs + DAY_MS - 1
    expect((await world.call('GET', '/v1/whoami', undefined, caller)).status).toBe(200)
    world.clock.nowMs += 1
    expect((await world.call('GET', '/v1/whoami', undefined, caller)).status).toBe(401)
  })
})
