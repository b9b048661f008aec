import { expect, test } from 'vitest'
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
