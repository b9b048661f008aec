import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { delivery } from '../examples/deliveries.ts'
import { FIRST_MS } from '../examples/example.ts'
import { key, keyId } from '../examples/keys.ts'
import { PENDING_ROTATION, rotation } from '../examples/rotations.ts'
import { webhook } from '../examples/webhooks.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** Keys that roll on a schedule. Each test has an organization of its own. */
export function rotationsContract(database: () => Promise<TestDatabase>): void {
  describe('rotations', () => {
    const resources = new AsyncDisposableStack()
    let store: Store

    beforeAll(async () => {
      const db = resources.use(await database())
      store = resources.use(await db.open())
    })

    afterAll(async () => {
      await resources.disposeAsync()
    })

    /** Makes an organization with keys of these names. */
    async function organizationWithKeys(owner: string, ...names: readonly string[]): Promise<void> {
      await store.write((tx) => insertOrganization(tx, owner))
      for (const name of names) {
        await change(store, owner, (tx) => tx.keys.insert(key(owner, keyId(`${owner}-${name}`))))
      }
    }

    test('are replaced as a whole', async () => {
      await organizationWithKeys('put', 'a')
      const id = keyId('put-a')
      await change(store, 'put', (tx) => tx.rotations.insert(rotation('put', id)))
      expect(await store.read.rotations.get('put', id)).toEqual(rotation('put', id))
      const rows = [
        rotation('put', id, {
          everyDays: 7,
          webhook: 'whk_2',
          urlDigest: 'other',
          handOverHours: 24,
          updatedAtMs: FIRST_MS + 1,
          updatedBy: 'mem_1',
          dueAtMs: FIRST_MS + 2,
          failures: 3,
          problem: 'not_delivered',
          problemAtMs: FIRST_MS + 4,
          rotatedAtMs: FIRST_MS + 5,
          pending: { ...PENDING_ROTATION, handOver: 'hov_1' },
        }),
        rotation('put', id, { rotatedAtMs: FIRST_MS + 5 }),
      ]
      for (const row of rows) {
        await change(store, 'put', (tx) => tx.rotations.replace(row))
        expect(await store.read.rotations.get('put', id)).toEqual(row)
      }
    })

    test('are due by their time, the longest due first', async () => {
      await organizationWithKeys('due', 'a', 'b', 'c')
      // Earlier than those of other tests.
      const at = async (name: string, dueAtMs: number) =>
        await change(store, 'due', (tx) =>
          tx.rotations.insert(rotation('due', keyId(`due-${name}`), { dueAtMs })),
        )
      await at('a', 20)
      await at('b', 10)
      await at('c', 21)
      const due = async (nowMs: number, limit = 10) =>
        (await store.write((tx) => tx.rotations.due(nowMs, limit))).value.map((one) => one.key)
      expect(await due(9)).toEqual([])
      expect(await due(10)).toEqual([keyId('due-b')])
      expect(await due(20)).toEqual([keyId('due-b'), keyId('due-a')])
      expect(await due(20, 1)).toEqual([keyId('due-b')])
      await store.write((tx) => tx.rotations.postpone({ organization: 'due', key: keyId('due-b') }, 21))
      expect(await due(20)).toEqual([keyId('due-a')])
      expect(await store.read.rotations.get('due', keyId('due-b'))).toMatchObject({ dueAtMs: 21 })
    })

    test('are found by the webhook that their new token waits for', async () => {
      await organizationWithKeys('waiting', 'a', 'b', 'c')
      await organizationWithKeys('others', 'a')
      const insert = async (owner: string, name: string, more: object) =>
        await change(store, owner, (tx) =>
          tx.rotations.insert(rotation(owner, keyId(`${owner}-${name}`), more)),
        )
      await insert('waiting', 'a', { pending: PENDING_ROTATION })
      await insert('waiting', 'b', {})
      await insert('waiting', 'c', { pending: PENDING_ROTATION, webhook: 'whk_2' })
      await insert('others', 'a', { pending: PENDING_ROTATION })
      const found = await change(store, 'waiting', (tx) => tx.rotations.delivering('waiting', 'whk_1'))
      expect(found.value).toEqual([{ organization: 'waiting', key: keyId('waiting-a') }])
    })

    test('end with their key, or when they are removed', async () => {
      await organizationWithKeys('removed', 'a', 'b')
      const [deleted, kept] = [keyId('removed-a'), keyId('removed-b')]
      for (const id of [deleted, kept]) {
        await change(store, 'removed', (tx) => tx.rotations.insert(rotation('removed', id)))
      }
      await change(store, 'removed', (tx) =>
        tx.keys.update(key('removed', deleted, { deletedAtMs: FIRST_MS })),
      )
      expect(await store.read.rotations.get('removed', deleted)).toBeUndefined()
      expect(await store.read.rotations.get('removed', kept)).toBeDefined()
      const remove = () => change(store, 'removed', (tx) => tx.rotations.remove('removed', kept))
      await remove()
      expect(await refusalOf(remove())).toBe('not_found')
    })

    test('keep the delivery that they wait for, which newer ones would otherwise displace', async () => {
      await organizationWithKeys('waits', 'a')
      const id = keyId('waits-a')
      await change(store, 'waits', async (tx) => {
        await tx.webhooks.insert(webhook('waits', 'whk_1'))
        await tx.rotations.insert(rotation('waits', id, { pending: PENDING_ROTATION }))
      })
      const { webhookQueues, read } = store
      const queue = { organization: 'waits', webhook: 'whk_1' }
      const hold = { holder: 'a', leasedUntilMs: FIRST_MS + 60 }
      await webhookQueues.claim(queue, hold, FIRST_MS)
      const ended = { state: 'delivered', nextAttemptAtMs: null, endedAtMs: FIRST_MS } as const
      const many = (first: number) =>
        Array.from({ length: 1_000 }, (_, index) => delivery('waits', 'whk_1', first + index, ended))
      const { subject } = PENDING_ROTATION
      await webhookQueues.add(queue, hold, [delivery('waits', 'whk_1', 1, { ...ended, subject })], 1)
      await webhookQueues.add(queue, hold, many(2), 1_001)
      const found = async () => (await read.deliveries.newestOfSubject('waits', 'whk_1', subject))?.sequence
      expect(await found()).toBe(1)
      await change(store, 'waits', (tx) => tx.rotations.replace(rotation('waits', id)))
      await webhookQueues.add(queue, hold, [delivery('waits', 'whk_1', 1_002, ended)], 1_002)
      expect(await found()).toBeUndefined()
    })

    test('learn whether a webhook fails while events wait for it', async () => {
      await organizationWithKeys('fails')
      await change(store, 'fails', (tx) => tx.webhooks.insert(webhook('fails', 'whk_1')))
      const { webhookQueues, read } = store
      const queue = { organization: 'fails', webhook: 'whk_1' }
      const hold = { holder: 'a', leasedUntilMs: FIRST_MS + 60 }
      const waiting = delivery('fails', 'whk_1', 1)
      const failing: boolean[] = []
      const look = async () => failing.push(await read.webhooks.isFailing('fails', 'whk_1'))
      await webhookQueues.claim(queue, hold, FIRST_MS)
      await webhookQueues.add(queue, hold, [waiting], 1)
      await look()
      await webhookQueues.record(queue, hold, waiting, 1)
      await look()
      await webhookQueues.record(queue, hold, { ...waiting, state: 'failed', nextAttemptAtMs: null }, 2)
      await look()
      expect(failing).toEqual([false, true, false])
    })
  })
}
