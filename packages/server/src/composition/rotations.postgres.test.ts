import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/services/postgres.ts'
import { openingOf, tokenIn } from '../../../../test/support/hand-over-link.ts'
import { temporaryFolder } from '../../../../test/support/server-process.ts'
import { openHandOver } from '../app/hand-overs/open-hand-over.ts'
import { endRoll, rollKey } from '../app/keys/roll-key.ts'
import { getRotation } from '../app/rotations/reading.ts'
import { graceSeconds } from '../app/testing/fields.ts'
import { createWebhook } from '../app/webhooks/create-webhook.ts'
import { listDeliveries } from '../app/webhooks/reading.ts'
import { replayDelivery } from '../app/webhooks/replay-delivery.ts'
import { updateWebhook } from '../app/webhooks/update-webhook.ts'
import { usageRow } from '../store/testing/examples/usage.ts'
import { openRotationWorld, type RotationWorld } from './testing/rotation-world.ts'

const organization = 'acme'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** From the end of a delivery to the undo of the roll. */
const SETTLED_MS = 60_000
/** Longer than the pause between two looks at a delivery. */
const LOOK_MS = 15 * 60_000

/** The token in the only `key.rotated` since the last look. */
function newToken(open: RotationWorld): string {
  const events = open.events('key.rotated')
  expect(events).toHaveLength(1)
  return events[0]?.data.token ?? ''
}

const rotationOf = async ({ world, keyId: key }: RotationWorld) =>
  await getRotation(world.owner, { organization, key })

describe.each(['sqlite', 'postgres'] as const)('a key on %s that rolls every 30 days', (kind) => {
  async function open(handOverHours?: number): Promise<RotationWorld> {
    await using stack = new AsyncDisposableStack()
    const database =
      kind === 'postgres'
        ? { kind, url: stack.use(await openTestDatabase()).url }
        : { kind, file: join(stack.use(await temporaryFolder()).path, 'store.db') }
    const opened = stack.use(await openRotationWorld(database, handOverHours))
    const parts = stack.move()
    return { ...opened, [Symbol.asyncDispose]: async () => await parts.disposeAsync() }
  }

  test('rolls at its time and not a millisecond before, and sends the token to its webhook alone', async () => {
    await using opened = await open()
    const { world, receiver, token, pass, work, live } = opened
    const url = `${receiver.url}/other`
    await createWebhook(world.owner, { organization, url, events: ['key.rolled', 'key.rotated'] })
    const dueMs = world.clock.nowMs + 30 * DAY_MS
    expect((await rotationOf(opened)).nextAtMs).toBe(dueMs)
    pass(30 * DAY_MS - 1)
    await work()
    expect((await opened.key()).secrets).toHaveLength(1)
    pass(1)
    await work()
    const received = receiver.received.map(({ path, body }) => `${path} ${JSON.parse(body).type}`)
    expect(received.toSorted()).toEqual(['/hook key.rolled', '/hook key.rotated', '/hook/other key.rolled'])
    const fresh = newToken(opened)
    expect(receiver.received.filter(({ body }) => body.includes(fresh))).toHaveLength(1)
    expect(await live(token, fresh)).toEqual([true, true])
    expect(await rotationOf(opened)).toMatchObject({ state: 'delivering', nextAtMs: null })
    pass(LOOK_MS)
    await work()
    expect(await rotationOf(opened)).toMatchObject({
      state: 'scheduled',
      nextAtMs: dueMs + 30 * DAY_MS,
      rotatedAtMs: dueMs + LOOK_MS,
      problem: null,
    })
    pass(12 * HOUR_MS - 1)
    expect(await live(token, fresh)).toEqual([true, true])
    pass(1)
    expect(await live(token, fresh)).toEqual([false, true])
    world.clock.nowMs = dueMs + 30 * DAY_MS
    await work()
    expect(await live(fresh, newToken(opened))).toEqual([true, true])
    expect(opened.faults).toEqual([])
  })

  test('keeps its old token until the link to the new one was opened', async () => {
    await using opened = await open(48)
    const { world, token, pass, work, live } = opened
    pass(30 * DAY_MS)
    await work()
    const [event] = opened.events('key.rotated')
    expect(event?.data.token).toBeUndefined()
    const link = event?.data.handOver?.link ?? ''
    pass(48 * HOUR_MS - 1)
    await work()
    expect(await rotationOf(opened)).toMatchObject({ state: 'delivering' })
    const opening = { ...(await openingOf(link)), client: { address: undefined, userAgent: undefined } }
    const { encrypted } = await openHandOver(world.anonymous, opening)
    const fresh = await tokenIn(encrypted, link)
    pass(LOOK_MS)
    await work()
    expect(await live(token, fresh)).toEqual([true, true])
    pass(12 * HOUR_MS)
    expect(await live(token, fresh)).toEqual([false, true])
    expect(opened.faults).toEqual([])
  })

  test('keeps its old token if the link is not opened in time', async () => {
    await using opened = await open(48)
    const { token, pass, work, live } = opened
    pass(30 * DAY_MS)
    await work()
    expect(opened.events('key.rotated')).toHaveLength(1)
    pass(48 * HOUR_MS)
    await work()
    expect(await rotationOf(opened)).toMatchObject({ state: 'scheduled', problem: 'not_delivered' })
    pass(365 * DAY_MS)
    expect(await live(token)).toEqual([true])
    expect((await opened.key()).secrets.map(({ expiresAtMs }) => expiresAtMs === null)).toEqual([true, false])
  })

  test('returns to its old token when the receiver does not accept the new one, and tries again later', async () => {
    await using opened = await open()
    const { receiver, token, pass, work, live } = opened
    receiver.answer = () => ({ status: 500 })
    pass(30 * DAY_MS)
    await work()
    const refused = newToken(opened)
    pass(DAY_MS - 1)
    await work()
    expect(newToken(opened)).toBe(refused)
    pass(1)
    await work()
    expect(opened.events('key.rotated')).toEqual([])
    pass(SETTLED_MS - 1)
    await work()
    expect(await live(token, refused)).toEqual([true, true])
    receiver.answer = () => ({ status: 204 })
    pass(1)
    await work()
    expect(await live(token, refused)).toEqual([true, false])
    expect(await rotationOf(opened)).toMatchObject({ state: 'scheduled', problem: 'not_delivered' })
    pass(HOUR_MS)
    await work()
    expect(opened.events('key.rotation_failed').map(({ data }) => data.rotation)).toMatchObject([
      { problem: 'not_delivered' },
    ])
    pass(DAY_MS - HOUR_MS)
    await work()
    const second = newToken(opened)
    pass(LOOK_MS)
    await work()
    expect(await rotationOf(opened)).toMatchObject({ problem: null, failures: 0 })
    pass(12 * HOUR_MS)
    expect(await live(token, refused, second)).toEqual([false, false, true])
    expect(opened.faults).toEqual([])
  })

  test('keeps working with its old token while no control plane runs for weeks', async () => {
    await using opened = await open()
    const { receiver, token, pass, work, live } = opened
    receiver.answer = () => ({ status: 500 })
    pass(30 * DAY_MS)
    await work()
    const undelivered = newToken(opened)
    pass(29 * DAY_MS)
    expect(await live(token)).toEqual([true])
    await work(1)
    expect(await live(token, undelivered)).toEqual([true, false])
    pass(365 * DAY_MS)
    expect(await live(token)).toEqual([true])
  })

  test('does not end a token that is in use, although no answer of its receiver came back', async () => {
    await using opened = await open()
    const { world, receiver, token, pass, work, live } = opened
    receiver.answer = () => ({ status: 500 })
    pass(30 * DAY_MS)
    await work()
    const fresh = newToken(opened)
    const used = { keyId: opened.keyId, secretSequence: 2, lastUsedAtMs: world.clock.nowMs }
    await world.store.addUsage([usageRow({ organization, ...used })])
    pass(DAY_MS + SETTLED_MS)
    await work()
    expect(await rotationOf(opened)).toMatchObject({ state: 'scheduled', problem: null })
    pass(12 * HOUR_MS)
    expect(await live(token, fresh)).toEqual([false, true])
  })

  test('rolls once, although two processes look at the same time', async () => {
    await using opened = await open()
    opened.pass(30 * DAY_MS)
    await Promise.all([opened.work(0), opened.work(1)])
    await Promise.all([opened.work(0), opened.work(1)])
    expect((await opened.key()).secrets).toHaveLength(2)
    expect(new Set(opened.events('key.rotated').map(({ data }) => data.token)).size).toBe(1)
    expect(opened.faults).toEqual([])
  })

  test('starts again with a roll by hand, and waits for the end of its grace', async () => {
    await using opened = await open()
    const { world, keyId, pass, work } = opened
    pass(10 * DAY_MS)
    const grace = graceSeconds(30 * 24 * 3600)
    await rollKey(world.owner, { organization, key: keyId, graceSeconds: grace })
    pass(20 * DAY_MS)
    await work()
    pass(10 * DAY_MS - 1)
    await work()
    expect((await opened.key()).secrets).toHaveLength(2)
    pass(1)
    await work()
    expect((await opened.key()).secrets).toHaveLength(3)
  })

  test('sends nothing of a roll that a person has undone, and waits for a whole period', async () => {
    await using opened = await open()
    const { world, receiver, keyId, pass, work } = opened
    receiver.answer = () => ({ status: 500 })
    pass(30 * DAY_MS)
    await work()
    expect(opened.events('key.rotated')).toHaveLength(1)
    await endRoll(world.owner, { organization, key: keyId, by: 'undo' })
    receiver.answer = () => ({ status: 204 })
    pass(HOUR_MS)
    await work()
    expect(opened.events('key.rotated')).toEqual([])
    expect(await rotationOf(opened)).toMatchObject({ state: 'scheduled', problem: null })
    pass(30 * DAY_MS - HOUR_MS - 1)
    await work()
    expect(opened.events('key.rotated')).toEqual([])
    pass(1)
    await work()
    expect(opened.events('key.rotated')).toHaveLength(1)
  })

  test('sends no token again, and none to a URL that the webhook got since', async () => {
    await using opened = await open()
    const { world, receiver, webhook, pass, work } = opened
    receiver.answer = () => ({ status: 500 })
    pass(30 * DAY_MS)
    await work()
    const url = `${receiver.url}/elsewhere`
    await updateWebhook(world.owner, { organization, webhook, url })
    expect(opened.events('key.rotated')).toHaveLength(1)
    receiver.answer = () => ({ status: 204 })
    pass(HOUR_MS)
    await work()
    expect(opened.events('key.rotated')).toEqual([])
    const { items } = await listDeliveries(world.owner, { organization, webhook, limit: 50 })
    const delivery = items.find(({ type }) => type === 'key.rotated')
    expect(delivery).toMatchObject({ state: 'failed', attempts: [{}, { status: null, error: 'withdrawn' }] })
    await replayDelivery(world.owner, { organization, webhook, delivery: delivery?.id ?? '' })
    await work()
    expect(opened.events('key.rotated')).toEqual([])
    pass(2 * DAY_MS)
    await work()
    expect(await rotationOf(opened)).toMatchObject({ problem: 'not_delivered' })
    expect(await opened.live(opened.token)).toEqual([true])
  })
})
