import { describe, expect, test } from 'vitest'
import { insertExamples, seedOf } from '../examples.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'

/** The check value of the master key. */
export function masterKeyCheckContract(database: () => Promise<TestDatabase>): void {
  describe('the check value of the master key', () => {
    test('is stored once: of two processes the first one decides', async () => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      expect(await store.masterKeyCheck.get()).toBeUndefined()
      const stored = await Promise.all([
        store.masterKeyCheck.put('one', 1),
        other.masterKeyCheck.put('other', 2),
      ])
      expect(stored[0]).toBe(stored[1])
      expect(await store.masterKeyCheck.get()).toBe(stored[0])
      expect(await store.masterKeyCheck.put('third', 3)).toBe(stored[0])
    })

    test('comes with a sealed value to try a key on, once there is one', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      expect(await store.masterKeyCheck.anySealed()).toBeUndefined()
      await insertExamples(store, seedOf('acme', 0))
      expect(await store.masterKeyCheck.anySealed()).toMatchObject({
        kind: 'signing-key',
        organization: 'acme',
        id: 'id_0',
        sealed: expect.any(String),
      })
    })
  })
}
