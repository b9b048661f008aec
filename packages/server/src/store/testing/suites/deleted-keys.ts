import { describe, expect, test } from 'vitest'
import type { Store } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { key, keyId } from '../examples/keys.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'

const ONE = keyId('1')
const TWO = keyId('2')

/** Creates the consumer `con_1` with a key, in each of the organizations. */
async function openWithConsumers(
  db: TestDatabase,
  keys: Readonly<Record<string, typeof ONE>>,
): Promise<Store> {
  const store = await db.open()
  for (const [owner, id] of Object.entries(keys)) {
    await store.write((tx) => insertOrganization(tx, owner))
    await change(store, owner, async (tx) => {
      await tx.consumers.insert(consumer(owner, 'con_1', { name: `app of ${owner}` }))
      await tx.keys.insert(key(owner, id, { consumer: 'con_1' }))
    })
  }
  return store
}

/** Deletes the key of `con_1`, then the consumer. */
const removeConsumer = (store: Store, owner: string, id: typeof ONE) =>
  change(store, owner, async (tx) => {
    await tx.keys.update(key(owner, id, { consumer: 'con_1', deletedAtMs: 6 }))
    await tx.consumers.remove(owner, 'con_1')
  })

/** The consumers of deleted keys. */
export function deletedKeysContract(database: () => Promise<TestDatabase>): void {
  describe('a deleted key', () => {
    test('names its consumer after the consumer and the environment are removed', async () => {
      await using db = await database()
      await using store = await openWithConsumers(db, { acme: ONE, globex: TWO })
      const { keys } = store.read
      const named = { [ONE]: 'app of acme' }
      const names = async (owner = 'acme') =>
        Object.fromEntries(await keys.consumerNames(owner, [ONE, TWO, keyId('3')]))
      expect(await names()).toEqual(named)
      await removeConsumer(store, 'acme', ONE)
      expect(await keys.get('acme', ONE)).toEqual(key('acme', ONE, { consumer: 'con_1', deletedAtMs: 6 }))
      expect(await keys.find(ONE)).toMatchObject({ consumer: 'con_1' })
      expect(await names()).toEqual(named)
      expect(await names('globex')).toEqual({ [TWO]: 'app of globex' })
      await change(store, 'acme', (tx) => tx.environments.remove('acme', 'test'))
      expect(await keys.get('acme', ONE)).toMatchObject({ consumer: 'con_1', environment: null })
      expect(await names()).toEqual(named)
      expect(await keys.consumerNames('acme', [])).toEqual(new Map())
    })

    test('is not of a new consumer of the same name or id', async () => {
      await using db = await database()
      await using store = await openWithConsumers(db, { acme: ONE })
      await removeConsumer(store, 'acme', ONE)
      await change(store, 'acme', async (tx) => {
        await tx.consumers.insert(consumer('acme', 'con_1', { name: 'another' }))
        await tx.consumers.insert(consumer('acme', 'con_2', { name: 'app of acme' }))
        await tx.keys.insert(key('acme', TWO, { consumer: 'con_2' }))
      })
      expect(await store.read.keys.consumerNames('acme', [ONE, TWO])).toEqual(
        new Map([
          [ONE, 'app of acme'],
          [TWO, 'app of acme'],
        ]),
      )
      expect(await store.read.keys.allOfConsumer('acme', 'con_1')).toEqual([])
      await change(store, 'acme', (tx) => tx.consumers.remove('acme', 'con_1'))
      expect(await store.read.keys.consumerNames('acme', [ONE])).toEqual(new Map([[ONE, 'app of acme']]))
    })

    test('is listed by the removed consumer, and only as a deleted one', async () => {
      await using db = await database()
      await using store = await openWithConsumers(db, { acme: ONE, globex: TWO })
      await removeConsumer(store, 'acme', ONE)
      const listed = async (owner: string, includeDeleted: boolean) => {
        const filter = { consumer: 'con_1', includeDeleted }
        const { items, total } = await store.read.keys.list(owner, EVERYTHING, { filter })
        return [items.map(({ id }) => id), total]
      }
      expect(await listed('acme', false)).toEqual([[], 0])
      expect(await listed('acme', true)).toEqual([[ONE], 1])
      expect(await listed('globex', true)).toEqual([[TWO], 1])
    })
  })
}
