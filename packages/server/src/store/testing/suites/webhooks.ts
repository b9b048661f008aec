import { describe, expect, test } from 'vitest'
import { entry } from '../examples/audit-events.ts'
import { delivery } from '../examples/deliveries.ts'
import { FIRST_MS } from '../examples/example.ts'
import { key, keyId, secret } from '../examples/keys.ts'
import { webhook } from '../examples/webhooks.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import type { Store } from '../../port/store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const queue = { organization: 'acme', webhook: 'web_1' }
const FRESH = { ...queue, position: 0, failures: 0, wakes: 0 }
const holdOf = (holder: string, leasedUntilMs = FIRST_MS + 60) => ({ holder, leasedUntilMs })
const a = holdOf('a')

async function withWebhook(store: Store): Promise<void> {
  await store.write((tx) => insertOrganization(tx, 'acme'))
  await store.write(async (tx) => {
    await tx.webhooks.insert(webhook('acme', 'web_1'))
    tx.audit(entry('acme', { action: 'webhooks.create' }))
  })
  await told(store)
}

/** An event that the webhook sends. */
async function told(store: Store, action = 'keys.create'): Promise<void> {
  await store.write(async (tx) => tx.audit(entry('acme', { action })))
}

const ended = (sequence: number) =>
  delivery('acme', 'web_1', sequence, {
    state: 'delivered',
    nextAttemptAtMs: null,
    endedAtMs: sequence,
  })

const take = async (store: Store, nowMs: number) =>
  (await store.write((tx) => tx.keys.takeDeadlines(nowMs, 10))).value.map(({ kind, dueAtMs }) => [
    kind,
    dueAtMs - FIRST_MS,
  ])

const write = (store: Store, work: Parameters<Store['write']>[0]) =>
  store.write(async (tx) => {
    await work(tx)
    tx.audit(entry('acme'))
  })

/** The queues of webhooks, and the deadlines that make events. */
export function webhooksContract(database: () => Promise<TestDatabase>): void {
  describe('the queue of a webhook', () => {
    test('starts behind the newest event, and is due with each further one', async () => {
      await using db = await database()
      await using store = await db.open()
      await withWebhook(store)
      const { webhookQueues } = store
      const claimed = await webhookQueues.claim(queue, a, FIRST_MS)
      expect(claimed).toEqual({ ...queue, position: 1, failures: 0, wakes: 1 })
      expect(await webhookQueues.release({ ...queue, position: 2, failures: 0, wakes: 1 }, a, null)).toBe(
        true,
      )
      expect(await webhookQueues.due(false, FIRST_MS, 5)).toEqual([])
      await told(store, 'test.change')
      expect(await webhookQueues.due(false, FIRST_MS, 5)).toEqual([])
      await told(store, 'keys.delete')
      expect(await webhookQueues.due(false, FIRST_MS, 5)).toEqual([queue])
      expect(await webhookQueues.due(true, FIRST_MS, 5)).toEqual([])
      expect(await store.read.audit.after('acme', 4, 5)).toMatchObject([{ sequence: 5 }])
    })

    test('has one holder, until the lease ends', async () => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      await withWebhook(store)
      const claims = await Promise.all(
        [store, other].map(({ webhookQueues }, index) =>
          webhookQueues.claim(queue, holdOf(`process ${index}`), FIRST_MS),
        ),
      )
      expect(claims.filter((claimed) => claimed !== undefined)).toHaveLength(1)
      const loser = holdOf(`process ${claims.indexOf(undefined)}`)
      const { webhookQueues } = other
      expect(await webhookQueues.due(false, FIRST_MS + 59, 5)).toEqual([])
      expect(await webhookQueues.add(queue, loser, [delivery('acme', 'web_1', 9)], 9)).toBe(false)
      expect(await webhookQueues.release({ ...queue, position: 9, failures: 0, wakes: 1 }, loser, null)).toBe(
        false,
      )
      expect(await other.read.deliveries.pending('acme', 'web_1')).toEqual([])
      const later = FIRST_MS + 60
      expect(await webhookQueues.due(false, later, 5)).toEqual([queue])
      expect(await webhookQueues.claim(queue, holdOf('c', later + 60), later)).toBeDefined()
      await webhookQueues.releaseAll()
      expect(await webhookQueues.due(false, later, 5)).toEqual([queue])
    })

    test('is not released over an event, a replay or a change that came in between', async () => {
      await using db = await database()
      await using store = await db.open()
      await withWebhook(store)
      const { webhookQueues } = store
      const done = delivery('acme', 'web_1', 1, { state: 'delivered', endedAtMs: FIRST_MS })
      const changes = [
        () => told(store),
        () => store.write((tx) => tx.deliveries.replay({ ...done, state: 'pending', endedAtMs: null })),
      ]
      let claimed = await webhookQueues.claim(queue, a, FIRST_MS)
      await webhookQueues.add(queue, a, [done], 2)
      for (const change of changes) {
        await change()
        expect(await webhookQueues.release({ ...FRESH, ...claimed }, a, null)).toBe(false)
        await webhookQueues.releaseAll()
        claimed = await webhookQueues.claim(queue, a, FIRST_MS)
        expect(claimed?.position).toBe(2)
      }
      expect(await webhookQueues.release({ ...FRESH, ...claimed }, a, FIRST_MS + 5)).toBe(true)
      expect(await webhookQueues.due(false, FIRST_MS + 4, 5)).toEqual([])
      expect(await webhookQueues.due(false, FIRST_MS + 5, 5)).toEqual([queue])
      expect(await store.read.deliveries.pending('acme', 'web_1')).toMatchObject([{ id: 'evt_1' }])
    })

    test('records attempts, and lets a failing webhook wait apart', async () => {
      await using db = await database()
      await using store = await db.open()
      await withWebhook(store)
      const { webhookQueues } = store
      const claimed = await webhookQueues.claim(queue, a, FIRST_MS)
      const rows = [1, 2].map((sequence) => delivery('acme', 'web_1', sequence))
      await webhookQueues.add(queue, a, rows, 3)
      const failed = delivery('acme', 'web_1', 1, { failures: 2, attemptCount: 2, nextAttemptAtMs: 99 })
      expect(await webhookQueues.record(queue, a, failed, 7)).toBe(true)
      expect(await store.read.deliveries.get('acme', 'web_1', 'evt_1')).toEqual(failed)
      await webhookQueues.release({ ...FRESH, ...claimed, position: 3 }, a, 5)
      expect(await webhookQueues.due(false, FIRST_MS, 5)).toEqual([])
      expect(await webhookQueues.due(true, FIRST_MS, 5)).toEqual([queue])
      expect(await webhookQueues.claim(queue, a, FIRST_MS)).toMatchObject({ failures: 7, position: 3 })
      const delivered = { ...failed, state: 'delivered', nextAttemptAtMs: null, endedAtMs: FIRST_MS } as const
      await webhookQueues.record(queue, a, delivered, 0, 4)
      expect(await store.read.deliveries.pending('acme', 'web_1')).toEqual([
        { ...rows[1], nextAttemptAtMs: 4 },
      ])
      expect(await store.read.deliveries.get('acme', 'web_1', 'evt_1')).toEqual(delivered)
    })

    test('is not due while its webhook is inactive, and ends with it', async () => {
      await using db = await database()
      await using store = await db.open()
      await withWebhook(store)
      const { webhookQueues } = store
      const setActive = (active: boolean) =>
        store.write(async (tx) => {
          await tx.webhooks.update(webhook('acme', 'web_1', { active }))
          tx.audit(entry('acme'))
        })
      await setActive(false)
      expect(await webhookQueues.due(false, FIRST_MS, 5)).toEqual([])
      await setActive(true)
      expect(await webhookQueues.due(false, FIRST_MS, 5)).toEqual([queue])
      await webhookQueues.claim(queue, a, FIRST_MS)
      await webhookQueues.add(queue, a, [delivery('acme', 'web_1', 1)], 1)
      await store.write(async (tx) => {
        await tx.webhooks.remove('acme', 'web_1')
        tx.audit(entry('acme'))
      })
      expect(await webhookQueues.add(queue, a, [delivery('acme', 'web_1', 2)], 2)).toBe(false)
      expect(await store.read.deliveries.list('acme', 'web_1', { limit: 5 })).toEqual({
        items: [],
        next: null,
      })
    })

    test('keeps the newest 1000 deliveries besides those that wait, until they are old', async () => {
      await using db = await database()
      await using store = await db.open()
      await withWebhook(store)
      const { webhookQueues } = store
      await webhookQueues.claim(queue, a, FIRST_MS)
      const all = Array.from({ length: 1_001 }, (_, index) => ended(index + 2))
      await webhookQueues.add(queue, a, [delivery('acme', 'web_1', 1), ...all], 1_002)
      const sequences = async () =>
        (await store.read.deliveries.list('acme', 'web_1', { limit: 1_000 })).items.map((row) => row.sequence)
      expect((await sequences()).length).toBe(1_000)
      expect(await store.read.deliveries.get('acme', 'web_1', 'evt_1')).toBeDefined()
      expect(await store.read.deliveries.get('acme', 'web_1', 'evt_2')).toBeUndefined()
      await webhookQueues.prune(1_002)
      expect(await sequences()).toEqual([1_002, 1])
    })
  })

  describe('the deadlines of keys', () => {
    const id = keyId('acme1')

    test('come once for each expiry', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const expiring = (days: number | null) =>
        key('acme', id, { expiresAtMs: days === null ? null : FIRST_MS + days * DAY_MS })
      await write(store, (tx) => tx.keys.insert(expiring(31)))
      expect(await take(store, FIRST_MS + DAY_MS - 1)).toEqual([])
      expect(await take(store, FIRST_MS + DAY_MS)).toEqual([['expiring', DAY_MS]])
      await write(store, (tx) => tx.keys.update({ ...expiring(31), name: 'renamed' }))
      expect(await take(store, FIRST_MS + 31 * DAY_MS)).toEqual([['expired', 31 * DAY_MS]])
      expect(await take(store, FIRST_MS + 99 * DAY_MS)).toEqual([])
      await write(store, (tx) => tx.keys.update(expiring(40)))
      expect(await take(store, FIRST_MS + 40 * DAY_MS)).toEqual([
        ['expiring', 10 * DAY_MS],
        ['expired', 40 * DAY_MS],
      ])
      for (const end of [expiring(null), { ...expiring(50), deletedAtMs: FIRST_MS }]) {
        await write(store, (tx) => tx.keys.update(expiring(50)))
        await write(store, (tx) => tx.keys.update(end))
        expect(await take(store, FIRST_MS + 50 * DAY_MS)).toEqual([])
      }
    })

    test('come an hour before an old secret ends, unless its grace is shorter', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await write(store, (tx) => tx.keys.insert(key('acme', id)))
      const roll = async (graceMs: number) =>
        await write(store, (tx) =>
          tx.keys.replaceSecrets('acme', id, [
            secret(1, { expiresAtMs: FIRST_MS + graceMs }),
            secret(2, { createdAtMs: FIRST_MS }),
          ]),
        )
      await roll(12 * HOUR_MS)
      expect(await take(store, FIRST_MS + 11 * HOUR_MS)).toEqual([['old-secret', 11 * HOUR_MS]])
      await roll(HOUR_MS)
      expect(await take(store, FIRST_MS + DAY_MS)).toEqual([])
      await roll(2 * HOUR_MS)
      await write(store, (tx) => tx.keys.replaceSecrets('acme', id, [secret(2)]))
      expect(await take(store, FIRST_MS + DAY_MS)).toEqual([])
    })
  })
}
