import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/support/server-process.ts'
import { endRoll, rollKey } from '../app/keys/roll-key.ts'
import { getRotation } from '../app/rotations/reading.ts'
import { graceSeconds } from '../app/testing/fields.ts'
import { listDeliveries } from '../app/webhooks/reading.ts'
import { removeWebhook } from '../app/webhooks/remove-webhook.ts'
import { replayDelivery } from '../app/webhooks/replay-delivery.ts'
import { openRotationWorld, type RotationWorld } from './testing/rotation-world.ts'

const organization = 'acme'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** When it is certain that a token has not arrived. */
const DECIDED_MS = DAY_MS + 60_000

async function open(): Promise<RotationWorld> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const opened = stack.use(await openRotationWorld({ kind: 'sqlite', file: join(folder.path, 'store.db') }))
  const parts = stack.move()
  return { ...opened, [Symbol.asyncDispose]: async () => await parts.disposeAsync() }
}

function tokenOf(opened: RotationWorld): string {
  return opened.events('key.rotated')[0]?.data.token ?? ''
}

const rotationOf = async ({ world, keyId: key }: RotationWorld) =>
  await getRotation(world.owner, { organization, key })

test.each([
  ['is never accepted', 500],
  ['was accepted', 204],
])(
  'a roll by hand after a finish is left alone, when the token of the schedule %s',
  async (_name, status) => {
    await using opened = await open()
    const { world, receiver, keyId: key, pass, work, live } = opened
    receiver.answer = () => ({ status })
    pass(30 * DAY_MS)
    await work()
    const scheduled = tokenOf(opened)
    await endRoll(world.owner, { organization, key, by: 'finish' })
    const { token } = await rollKey(world.owner, {
      organization,
      key,
      graceSeconds: graceSeconds(7 * 24 * 3600),
    })
    expect(await rotationOf(opened)).toMatchObject({ state: 'scheduled', problem: null })
    pass(DECIDED_MS)
    await work()
    expect(opened.events('key.rotation_failed')).toEqual([])
    expect(await live(scheduled, token)).toEqual([true, true])
    pass(6 * DAY_MS - 60_001)
    await work()
    expect(await live(scheduled, token)).toEqual([true, true])
    pass(1)
    expect(await live(scheduled, token)).toEqual([false, true])
    expect(opened.faults).toEqual([])
  },
)

test('a token that was accepted stays when its webhook is removed at once', async () => {
  await using opened = await open()
  const { world, webhook, pass, work, live } = opened
  pass(30 * DAY_MS)
  await work()
  const fresh = tokenOf(opened)
  await removeWebhook(world.owner, { organization, webhook })
  expect(await rotationOf(opened)).toMatchObject({ state: 'scheduled', rotatedAtMs: world.clock.nowMs })
  pass(DECIDED_MS)
  await work()
  expect(await live(opened.token, fresh)).toEqual([false, true])
  expect(await rotationOf(opened)).toMatchObject({ problem: null })
})

test('a token that was not accepted ends after its webhook is removed', async () => {
  await using opened = await open()
  const { world, receiver, webhook, pass, work, live } = opened
  receiver.answer = () => ({ status: 500 })
  pass(30 * DAY_MS)
  await work()
  const fresh = tokenOf(opened)
  await removeWebhook(world.owner, { organization, webhook })
  expect(await rotationOf(opened)).toMatchObject({ state: 'delivering' })
  pass(DECIDED_MS)
  await work()
  expect(await live(opened.token, fresh)).toEqual([true, false])
  expect(await rotationOf(opened)).toMatchObject({ problem: 'not_delivered' })
})

test('a token that was accepted stays when its delivery is replayed, and refused the second time', async () => {
  await using opened = await open()
  const { world, receiver, webhook, pass, work, live } = opened
  pass(30 * DAY_MS)
  await work()
  const fresh = tokenOf(opened)
  receiver.answer = () => ({ status: 409 })
  const { items } = await listDeliveries(world.owner, { organization, webhook, limit: 50 })
  const delivery = items.find(({ type }) => type === 'key.rotated')?.id ?? ''
  await replayDelivery(world.owner, { organization, webhook, delivery })
  await work()
  expect(tokenOf(opened)).toBe(fresh)
  pass(DECIDED_MS)
  await work()
  pass(12 * HOUR_MS)
  expect(await live(opened.token, fresh)).toEqual([false, true])
  expect(await rotationOf(opened)).toMatchObject({ problem: null })
})
