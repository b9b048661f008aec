import { expect, test } from 'vitest'
import { usageRow } from '../store/testing/examples/usage.ts'
import { ACME, openAcme, textOf } from './testing/control-world.ts'

test('a roll needs no body, shows the new token once, and ends with a receipt', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret' })
  const first = textOf(made.body['token'])
  const roll = `${ACME}/keys/${textOf(made.body['key']?.['id'])}/roll`
  const works = async (token: string): Promise<boolean> =>
    (await world.call('GET', '/v1/whoami', undefined, { authorization: `Bearer ${token}` })).status === 200

  const rolled = await world.own('POST', roll)
  expect(rolled).toMatchObject({
    status: 200,
    body: { key: { state: 'rolling' }, receipt: { confirmed: true } },
  })
  const second = textOf(rolled.body['token'])
  expect([await works(first), await works(second)]).toEqual([true, true])
  expect(await world.own('POST', roll, {})).toMatchObject({ status: 409, body: { code: 'roll_pending' } })

  const undone = await world.own('POST', `${roll}/undo`)
  expect(undone).toMatchObject({
    status: 200,
    body: { key: { state: 'active' }, receipt: { confirmed: true } },
  })
  expect(undone.body['token']).toBeUndefined()
  expect([await works(first), await works(second)]).toEqual([true, false])
  expect(await world.own('POST', `${roll}/undo`)).toMatchObject({ status: 409, body: { code: 'conflict' } })

  const third = textOf((await world.own('POST', roll, { graceSeconds: 3600 })).body['token'])
  expect(await world.own('POST', `${roll}/finish?wait=1`)).toMatchObject({ status: 200 })
  expect([await works(first), await works(third)]).toEqual([false, true])
})

test('a roll with a repeated Idempotency-Key returns the same token and rolls once', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret' })
  const roll = `${ACME}/keys/${textOf(made.body['key']?.['id'])}/roll`
  const once = { 'idempotency-key': 'roll-1' }
  const first = await world.own('POST', roll, { graceSeconds: 60 }, once)
  const again = await world.own('POST', roll, { graceSeconds: 60 }, once)
  const { key, token } = first.body
  expect(again).toMatchObject({ status: 200, body: { key, token, receipt: { confirmed: true } } })
  const ended = await world.own('POST', `${roll}/finish`, undefined, { 'idempotency-key': 'finish-1' })
  expect(
    await world.own('POST', `${roll}/finish`, undefined, { 'idempotency-key': 'finish-1' }),
  ).toMatchObject({
    status: 200,
    body: { key: ended.body['key'] },
  })
})

test('rejects an invalid grace period and an unknown field', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret' })
  const roll = `${ACME}/keys/${textOf(made.body['key']?.['id'])}/roll`
  for (const body of [
    { graceSeconds: -1 },
    { graceSeconds: 2_592_001 },
    { graceSeconds: '60' },
    { grace: 60 },
  ]) {
    expect(await world.own('POST', roll, body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    })
  }
  expect(await world.own('POST', roll, { graceSeconds: 2_592_000 })).toMatchObject({ status: 200 })
})

test('a roll in progress shows the use of both secrets, and whether it is safe to finish', async () => {
  await using world = await openAcme()
  const { key: made } = (await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret' })).body
  const id = textOf(made?.['id'])
  const path = `${ACME}/keys/${id}`
  const roll = async () => (await world.own('GET', path)).body['roll']
  /** A request `ago` ms before now. */
  const use = async (secretSequence: number, ago = 0): Promise<void> => {
    const lastUsedAtMs = world.clock.nowMs - ago
    const source = { address: '192.0.2.1', userAgent: 'nightly/2', requests: 1, lastUsedAtMs }
    await world.store.addUsage([
      usageRow({
        keyId: id as `key_${string}`,
        secretSequence,
        lastUsedAtMs,
        minuteMs: lastUsedAtMs - (lastUsedAtMs % 60_000),
        sources: [source],
      }),
    ])
  }
  expect(await roll()).toBeNull()
  await world.own('POST', `${path}/roll`)
  // Nobody has the old secret, so nobody misses it.
  expect(await roll()).toMatchObject({
    endsAt: new Date(world.clock.nowMs + 12 * 3_600_000).toISOString(),
    safeToFinish: true,
    reason: null,
    quietSeconds: 3600,
    secrets: [{ requestsLastHour: 0, lastUsedAt: null, addresses: [], userAgents: [] }, {}],
  })
  await use(1)
  const lastUsedAt = new Date(world.clock.nowMs).toISOString()
  expect(await roll()).toMatchObject({
    safeToFinish: false,
    reason: 'old_secret_in_use',
    secrets: [
      {
        hint: textOf(made?.['secrets']?.['0']?.['hint']),
        requestsLastHour: 1,
        lastUsedAt,
        addresses: [{ value: '192.0.2.1', requests: 1, lastUsedAt }],
        userAgents: [{ value: 'nightly/2', requests: 1, lastUsedAt }],
      },
      { requestsLastHour: 0, lastUsedAt: null },
    ],
  })
  world.clock.nowMs += 3_600_000 - 1
  expect(await roll()).toMatchObject({ safeToFinish: false, reason: 'old_secret_in_use' })
  world.clock.nowMs += 1
  // A caller that calls once a day has been quiet too, and does not have the new secret.
  expect(await roll()).toMatchObject({ safeToFinish: false, reason: 'new_secret_not_used' })
  await use(2)
  expect(await roll()).toMatchObject({ safeToFinish: true, reason: null })
  await world.own('POST', `${path}/roll/finish`)
  expect(await roll()).toBeNull()
  const list = await world.own('GET', `${ACME}/keys`)
  expect(JSON.stringify(list.body)).not.toContain('nightly')
})
