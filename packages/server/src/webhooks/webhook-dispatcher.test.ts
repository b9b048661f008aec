import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { webhookSecretContext } from '../crypto/seal-contexts.ts'
import { AddressSet } from '../address/address-set.ts'
import { createKey } from '../app/keys/create-key.ts'
import { deleteKey } from '../app/keys/delete-key.ts'
import { rollKey } from '../app/keys/roll-key.ts'
import { graceSeconds, title } from '../app/testing/fields.ts'
import { openWorld, type World } from '../app/testing/world.ts'
import { createWebhook } from '../app/webhooks/create-webhook.ts'
import { listDeliveries } from '../app/webhooks/reading.ts'
import { removeWebhook } from '../app/webhooks/remove-webhook.ts'
import { replayDelivery } from '../app/webhooks/replay-delivery.ts'
import { rotateWebhook } from '../app/webhooks/rotate-webhook.ts'
import { updateWebhook } from '../app/webhooks/update-webhook.ts'
import type { Resolve } from '../egress/checked-connector.ts'
import { entry } from '../store/testing/examples/audit-events.ts'
import { organization as organizationRow } from '../store/testing/examples/organizations.ts'
import { webhook as webhookRow } from '../store/testing/examples/webhooks.ts'
import { Registry } from 'prom-client'
import { startReceiver, type Received, type Receiver } from './testing/receiver.ts'
import { WebhookDispatcher, type DispatcherDeps } from './webhook-dispatcher.ts'

const organization = 'acme'
const MINUTE_MS = 60_000

let world: World
let receiver: Receiver
let faults: unknown[]

beforeEach(async () => {
  world = await openWorld()
  receiver = await startReceiver()
  faults = []
  // The library compares timestamps with the clock of the process.
  vi.useFakeTimers({ toFake: ['Date'], now: world.clock.nowMs })
})
afterEach(async () => {
  vi.useRealTimers()
  await receiver[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
  expect(faults).toEqual([])
})

function pass(ms: number): void {
  world.clock.nowMs += ms
  vi.setSystemTime(world.clock.nowMs)
}

function dispatcher(more: Partial<DispatcherDeps> = {}): WebhookDispatcher {
  return new WebhookDispatcher({
    store: world.store,
    sealer: world.anonymous.sealer,
    nowMs: () => world.clock.nowMs,
    monotonicMs: () => performance.now(),
    allowed: new AddressSet(['127.0.0.1']),
    resolve: () => expect.unreachable('a lookup'),
    registry: new Registry(),
    onFault: (cause) => faults.push(cause),
    onError: () => undefined,
    openDelivery: () => expect.unreachable('a new secret'),
    ...more,
  })
}

async function serve(one: WebhookDispatcher): Promise<void> {
  await one.tick()
  await one.idle()
}

async function hook(url = receiver.url, context = world.owner, slug = organization) {
  const events = ['key.created', 'key.rolled', 'key.deleted'] as const
  return await createWebhook(context, { organization: slug, url, events })
}

async function key(name = 'app'): Promise<string> {
  return (await createKey(world.owner, { organization, name: title(name), type: 'secret' })).key.id
}

function verified({ headers, body }: Received, secret: string) {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as {
    readonly type: string
    readonly timestamp: string
    readonly data: { readonly organization: string; readonly key: Readonly<Record<string, unknown>> }
  }
}

async function deliveriesOf(webhook: string) {
  return (await listDeliveries(world.owner, { organization, webhook, limit: 200 })).items
}

describe('an event', () => {
  test('arrives signed, with the state of the key and without secrets', async () => {
    await using one = dispatcher()
    await key('before')
    const { secret, webhook } = await hook()
    const id = await key()
    await serve(one)
    expect(receiver.received).toHaveLength(1)
    const [message] = receiver.received
    const event = verified(message as Received, secret)
    expect(event).toEqual({
      type: 'key.created',
      timestamp: new Date(world.clock.nowMs).toISOString(),
      data: {
        organization,
        key: {
          id,
          name: 'app',
          type: 'secret',
          environment: null,
          consumer: null,
          roles: [],
          status: 'active',
          createdAt: new Date(world.clock.nowMs).toISOString(),
          createdBy: world.owner.actor.id,
          expiresAt: null,
          addressRules: [],
          rateLimits: [],
          labels: {},
        },
      },
    })
    const [delivery] = await deliveriesOf(webhook.id)
    expect(message?.headers['webhook-id']).toBe(delivery?.id)
    expect(delivery).toMatchObject({ state: 'delivered', attempts: [{ status: 204, error: null }] })
    await serve(one)
    expect(receiver.received).toHaveLength(1)
  })

  test('arrives in the order of its key after an hour in which the receiver failed', async () => {
    await using one = dispatcher()
    const { secret, webhook } = await hook()
    receiver.answer = () => ({ status: 503, body: 'x'.repeat(100_000) })
    const ids = await Promise.all(['a', 'b', 'c'].map((name) => key(name)))
    const startMs = world.clock.nowMs
    for (let minute = 0; minute < 60; minute += 1) {
      if (minute === 20)
        for (const id of ids)
          await rollKey(world.owner, { organization, key: id, graceSeconds: graceSeconds(0) })
      if (minute === 40) for (const id of ids) await deleteKey(world.owner, { organization, key: id })
      await serve(one)
      pass(MINUTE_MS)
    }
    const failed = await deliveriesOf(webhook.id)
    expect(failed.map(({ state }) => state)).toEqual(Array.from({ length: 9 }, () => 'pending'))
    expect(Math.max(...failed.map(({ attemptCount }) => attemptCount))).toBeGreaterThan(5)
    const refused = new Set(receiver.received.map(({ headers }) => headers['webhook-id']))
    expect(refused.size).toBe(3)
    receiver.answer = () => ({ status: 200 })
    receiver.received.length = 0
    while (receiver.received.length < 9 && world.clock.nowMs < startMs + 180 * MINUTE_MS) {
      await serve(one)
      pass(MINUTE_MS)
    }
    const events = receiver.received.map((message) => {
      vi.setSystemTime(Number(message.headers['webhook-timestamp']) * 1000)
      return verified(message, secret)
    })
    for (const id of ids) {
      const own = events.filter(({ data }) => data.key['id'] === id)
      expect(own.map(({ type }) => type)).toEqual(['key.created', 'key.rolled', 'key.deleted'])
    }
    expect((await deliveriesOf(webhook.id)).every(({ state }) => state === 'delivered')).toBe(true)
  })

  test('that fails delays only events of its own subject', async () => {
    await using one = dispatcher()
    const { webhook } = await hook()
    const bad = await key('bad')
    receiver.answer = ({ body }) => ({ status: body.includes(bad) ? 500 : 200 })
    await deleteKey(world.owner, { organization, key: bad })
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await key(name)
    await serve(one)
    const states = (await deliveriesOf(webhook.id)).map(({ state }) => state)
    expect(states).toEqual([...Array.from({ length: 6 }, () => 'delivered'), 'pending', 'pending'])
    expect(receiver.received.filter(({ body }) => body.includes(bad))).toHaveLength(1)
  })

  test('that hangs delays no later event of another subject', async () => {
    await using one = dispatcher({ attemptMsMax: 60_000 })
    await hook()
    const hanging = await key('hanging')
    receiver.answer = ({ body }) => (body.includes(hanging) ? null : { status: 200 })
    await one.tick()
    await expect.poll(() => receiver.received.length).toBe(1)
    const later = await key('later')
    await expect.poll(() => receiver.received.length).toBe(2)
    expect(receiver.received[1]?.body).toContain(later)
  })

  test('is sent again under the same id if the process ended before the record', async () => {
    const { webhook } = await hook()
    await key()
    const answered = Promise.withResolvers<undefined>()
    receiver.answer = () => {
      answered.resolve(undefined)
      return { status: 200 }
    }
    // What `kill -9` between the answer and the record leaves behind.
    const lost = dispatcher({
      store: {
        read: world.store.read,
        webhookQueues: {
          ...world.store.webhookQueues,
          record: () => Promise.reject(new Error('killed')),
          release: () => Promise.reject(new Error('killed')),
        },
      },
      onFault: () => undefined,
    })
    await serve(lost)
    await lost[Symbol.asyncDispose]()
    await answered.promise
    await using one = dispatcher()
    await serve(one)
    expect(receiver.received).toHaveLength(1)
    pass(MINUTE_MS)
    await serve(one)
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toEqual([ids[0], ids[0]])
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ state: 'delivered', attemptCount: 1 }])
  })

  test('is served by one of several processes', async () => {
    await using one = dispatcher()
    await using other = dispatcher()
    await hook()
    for (let count = 0; count < 10; count += 1) await key()
    await Promise.all([serve(one), serve(other)])
    expect(receiver.received).toHaveLength(10)
  })

  test('is given up after three days, visibly, and can be replayed', async () => {
    await using one = dispatcher()
    const { webhook, secret } = await hook()
    await key()
    receiver.answer = () => ({ status: 500 })
    for (let hour = 0; hour < 74; hour += 1) {
      await serve(one)
      pass(60 * MINUTE_MS)
    }
    const [given] = await deliveriesOf(webhook.id)
    expect(given).toMatchObject({ state: 'failed', nextAttemptAtMs: null })
    expect(given?.attempts).toHaveLength(20)
    receiver.answer = () => ({ status: 200 })
    await replayDelivery(world.owner, { organization, webhook: webhook.id, delivery: given?.id ?? '' })
    await serve(one)
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ id: given?.id, state: 'delivered' }])
    expect(verified(receiver.received.at(-1) as Received, secret).type).toBe('key.created')
    await replayDelivery(world.owner, { organization, webhook: webhook.id, delivery: given?.id ?? '' })
    const before = receiver.received.length
    await serve(one)
    expect(receiver.received).toHaveLength(before + 1)
  })

  test('waits while its webhook is inactive, and ends with it', async () => {
    await using one = dispatcher()
    const { webhook } = await hook()
    const change = { organization, webhook: webhook.id }
    await updateWebhook(world.owner, { ...change, active: false })
    await key()
    await serve(one)
    expect(receiver.received).toEqual([])
    await updateWebhook(world.owner, { ...change, active: true })
    await serve(one)
    expect(receiver.received).toHaveLength(1)
    await key()
    await removeWebhook(world.owner, change)
    await serve(one)
    expect(receiver.received).toHaveLength(1)
  })

  test('of hundreds arrives, though only a window of them is in the queue', async () => {
    await using one = dispatcher()
    const { webhook } = await hook()
    for (let count = 0; count < 130; count += 1) await key()
    await serve(one)
    expect(receiver.received).toHaveLength(130)
    expect((await deliveriesOf(webhook.id)).every(({ state }) => state === 'delivered')).toBe(true)
  })
})

test('while a secret is rotated, messages are signed with both', async () => {
  await using one = dispatcher()
  const { webhook, secret: old } = await hook()
  const rotated = await rotateWebhook(world.owner, { organization, webhook: webhook.id })
  const next = async () => {
    receiver.received.length = 0
    await key()
    await serve(one)
    return receiver.received[0] as Received
  }
  const both = await next()
  expect(both.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/)
  expect(verified(both, old)).toEqual(verified(both, rotated.secret))
  pass(12 * 60 * MINUTE_MS)
  const late = await next()
  expect(verified(late, rotated.secret).type).toBe('key.created')
  expect(() => verified(late, old)).toThrow('No matching signature')
})

test('hundreds of organizations whose receiver hangs delay no other delivery', async () => {
  const names = Array.from({ length: 600 }, (_, index) => `dead${index}`)
  const sealedSecret = (id: string, slug: string) =>
    world.anonymous.sealer.seal('whsec_c2VjcmV0', webhookSecretContext({ organization: slug, id }))
  await using silent = await startReceiver()
  silent.answer = () => null
  const dead = () => silent.received.length
  await world.store.write(async (tx) => {
    for (const slug of names) {
      await tx.organizations.insert(organizationRow(slug))
      const row = webhookRow(slug, 'whk_1', { url: silent.url, sealedSecret: sealedSecret('whk_1', slug) })
      await tx.webhooks.insert(row)
      tx.audit(entry(slug, { action: 'keys.create', atMs: world.clock.nowMs, target: 'key/1', after: {} }))
    }
  })
  await hook()
  const healthy = async (one: WebhookDispatcher): Promise<void> => {
    receiver.received.length = 0
    await key()
    await one.tick()
    await expect.poll(() => receiver.received.length).toBe(1)
  }
  await using one = dispatcher({ attemptMsMax: 60_000 })
  // Nothing is known of them yet.
  await one.tick()
  await expect.poll(dead).toBe(600)
  await healthy(one)
  silent.hangUp()
  await one.idle()
  expect(await world.store.read.deliveries.pending('dead7', 'whk_1')).toMatchObject([
    { failures: 1, attempts: [{ error: 'connection_lost' }] },
  ])
  // Their last attempts have failed.
  silent.received.length = 0
  pass(MINUTE_MS)
  await one.tick()
  await expect.poll(dead).toBe(512)
  await healthy(one)
  expect(dead()).toBe(512)
})

describe('an address', () => {
  const attemptOf = async (webhook: string) => (await deliveriesOf(webhook))[0]?.attempts.at(-1)

  test('that is not public is refused at the connection, as one where nothing is', async () => {
    const lookups: string[] = []
    const resolve: Resolve = (hostname, _options, callback) => {
      lookups.push(hostname)
      if (hostname === 'none.example') callback(Object.assign(new Error('none'), { code: 'ENOTFOUND' }), [])
      else callback(null, [{ address: '10.0.0.1', family: 4 }])
    }
    await using one = dispatcher({ allowed: new AddressSet([]), resolve })
    const hooks = await Promise.all(
      [receiver.url, 'https://inside.example/', 'https://none.example/'].map((url) => hook(url)),
    )
    await key()
    await serve(one)
    for (const { webhook } of hooks) {
      expect(await attemptOf(webhook.id)).toMatchObject({ status: null, error: 'unreachable' })
    }
    expect(lookups.toSorted()).toEqual(['inside.example', 'none.example'])
    expect(receiver.received).toEqual([])
  })

  test('that a redirect names is not called', async () => {
    await using one = dispatcher()
    await using inside = await startReceiver()
    const { webhook } = await hook()
    receiver.answer = () => ({ status: 307, headers: { location: inside.url } })
    await key()
    await serve(one)
    expect(await attemptOf(webhook.id)).toMatchObject({ status: 307, error: null })
    expect(inside.received).toEqual([])
    expect((await deliveriesOf(webhook.id))[0]?.state).toBe('pending')
  })

  test('that does not answer in time holds its own attempt only', async () => {
    await using one = dispatcher({ attemptMsMax: 200 })
    await using silent = await startReceiver()
    silent.answer = () => null
    const { webhook } = await hook(silent.url)
    await hook()
    await key()
    await one.tick()
    await expect.poll(() => receiver.received.length).toBe(1)
    expect(await attemptOf(webhook.id)).toBeUndefined()
    await one.idle()
    expect(await attemptOf(webhook.id)).toMatchObject({ status: null, error: 'timeout' })
  })
})
