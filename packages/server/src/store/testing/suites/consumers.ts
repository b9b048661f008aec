import { describe, expect, test } from 'vitest'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { key, keyId } from '../examples/keys.ts'
import { pipeline } from '../examples/pipelines.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

/** Consumers. */
export function consumersContract(database: () => Promise<TestDatabase>): void {
  describe('consumers', () => {
    test('have a name that is unique in their environment, and pipelines that exist', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', (tx) => tx.pipelines.insert(pipeline('acme', 'a-first')))
      const app = consumer('acme', 'con_1', { name: 'app', pipelines: ['orders', 'a-first'] })
      await change(store, 'acme', (tx) => tx.consumers.insert(app))
      const stored = { ...app, pipelines: ['a-first', 'orders'] }
      expect(await store.read.consumers.get('acme', 'con_1')).toEqual(stored)
      expect(await store.read.consumers.getByName('acme', 'test', 'app')).toEqual(stored)
      expect(await store.read.consumers.getByName('acme', 'prod', 'app')).toBeUndefined()
      expect(await store.read.consumers.getByName('acme', 'test', 'APP')).toEqual(stored)
      const problem = await problemOf(
        change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', 'con_2', { name: 'app' }))),
      )
      expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('consumer')])
      await change(store, 'acme', (tx) =>
        tx.consumers.insert(consumer('acme', 'con_2', { name: 'app', environment: 'prod' })),
      )
      for (const wrong of [{ pipelines: ['order'] }, { projects: ['defaul'] }, { environment: 'stage' }]) {
        expect(
          await refusalOf(
            change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', 'con_3', wrong))),
          ),
        ).toBe('conflict')
      }
      // Such names are of earlier versions, or of a restored database.
      const upper = consumer('acme', 'con_0', { name: 'APP', title: 'Die App 東京' })
      await change(store, 'acme', (tx) => tx.consumers.insert(upper))
      expect(await store.read.consumers.getByName('acme', 'test', 'app')).toEqual(stored)
      expect(await store.read.consumers.getByName('acme', 'test', 'APP')).toEqual(upper)
      await change(store, 'acme', (tx) => tx.consumers.update({ ...upper, title: 'Neu' }))
      expect((await store.read.consumers.get('acme', 'con_0'))?.title).toBe('Neu')
      await change(store, 'acme', (tx) => tx.consumers.remove('acme', 'con_0'))
      const inTest = await store.read.consumers.list('acme', EVERYTHING, { environment: 'test' })
      expect(inTest.items).toEqual([stored])
      expect((await store.read.consumers.list('acme', EVERYTHING)).items).toHaveLength(2)
    })

    test('are found by their labels as they are now', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write(async (tx) => {
        await insertOrganization(tx, 'acme')
        await insertOrganization(tx, 'rival')
      })
      const gold = consumer('acme', 'con_1', { name: 'one', labels: { team: 'pay', tier: 'gold' } })
      const plain = consumer('acme', 'con_2', { name: 'two', labels: { team: 'payments', 'team-2': '' } })
      await change(store, 'rival', (tx) =>
        tx.consumers.insert(consumer('rival', 'con_1', { labels: { team: 'pay' } })),
      )
      await change(store, 'acme', async (tx) => {
        await tx.consumers.insert(gold)
        await tx.consumers.insert(plain)
      })
      const found = async (...labels: readonly [name: string, value: string | null][]) => {
        const filter = { labels: labels.map(([name, value]) => ({ name, value })) }
        const { items } = await store.read.consumers.list('acme', EVERYTHING, filter)
        return items.map(({ id }) => id)
      }
      expect(await found()).toEqual(['con_1', 'con_2'])
      expect(await found(['team', null])).toEqual(['con_1', 'con_2'])
      expect(await found(['team', 'pay'])).toEqual(['con_1'])
      expect(await found(['team', ''])).toEqual([])
      expect(await found(['tea', null])).toEqual([])
      expect(await found(['team-2', ''])).toEqual(['con_2'])
      expect(await found(['team', null], ['tier', 'gold'])).toEqual(['con_1'])
      expect(await found(['team', 'pay'], ['team', 'payments'])).toEqual([])
      const first = await store.read.consumers.list(
        'acme',
        { ...EVERYTHING, limit: 1 },
        { labels: [{ name: 'team', value: null }] },
      )
      expect(first.next).not.toBeNull()

      await change(store, 'acme', (tx) => tx.consumers.update({ ...gold, labels: { tier: 'gold' } }))
      expect(await found(['team', null])).toEqual(['con_2'])
      expect(await found(['tier', null])).toEqual(['con_1'])
      await change(store, 'acme', (tx) => tx.consumers.remove('acme', 'con_1'))
      expect(await found(['tier', null])).toEqual([])
      await change(store, 'acme', (tx) => tx.consumers.insert({ ...gold, labels: {} }))
      expect(await found(['tier', null])).toEqual([])
    })

    test('are updated as a whole, and removed after their keys are deleted', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const app = consumer('acme', 'con_1', { pipelines: ['orders'] })
      await change(store, 'acme', async (tx) => {
        await tx.consumers.insert(app)
        await tx.keys.insert(key('acme', keyId('1'), { consumer: 'con_1' }))
      })
      const changed = { ...app, description: 'x', active: false, pipelines: [] }
      await change(store, 'acme', (tx) => tx.consumers.update(changed))
      expect(await store.read.consumers.get('acme', 'con_1')).toEqual(changed)
      expect(
        await refusalOf(change(store, 'acme', (tx) => tx.consumers.update({ ...app, id: 'con_2' }))),
      ).toBe('not_found')
      const removal = () => change(store, 'acme', (tx) => tx.consumers.remove('acme', 'con_1'))
      expect(await refusalOf(removal())).toBe('conflict')
      await change(store, 'acme', (tx) =>
        tx.keys.update(key('acme', keyId('1'), { consumer: 'con_1', deletedAtMs: 5 })),
      )
      const { revision } = await removal()
      expect(await store.read.consumers.get('acme', 'con_1')).toBeUndefined()
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        {
          records: [
            { kind: 'key', consumer: null },
            { kind: 'removed', of: 'consumer', id: 'con_1' },
          ],
        },
      ])
      expect(await refusalOf(removal())).toBe('not_found')
    })
  })
}
