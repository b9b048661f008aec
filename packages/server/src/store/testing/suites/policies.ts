import { describe, expect, test } from 'vitest'
import { change } from '../examples/audit-events.ts'
import { policy } from '../examples/policies.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** Policies of environments. */
export function policiesContract(database: () => Promise<TestDatabase>): void {
  describe('policies', () => {
    test('have their highest version in force, and each version once', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      expect(await store.read.policies.current('acme', 'test')).toBeUndefined()
      const strict = policy('acme', { version: 2, mode: 'api-key' })
      await change(store, 'acme', async (tx) => {
        await tx.policies.insert(strict)
        await tx.policies.insert(policy('acme', { version: 1 }))
        expect(await tx.policies.current('acme', 'test')).toEqual(strict)
      })
      expect(await store.read.policies.current('acme', 'test')).toEqual(strict)
      expect(await store.read.policies.current('acme', 'prod')).toBeUndefined()
      const { items } = await store.read.policies.list('acme', 'test', EVERYTHING)
      expect(items).toEqual([strict, policy('acme', { version: 1 })])
      expect((await store.read.policies.list('acme', 'prod', EVERYTHING)).items).toEqual([])
      expect(await refusalOf(change(store, 'acme', (tx) => tx.policies.insert(strict)))).toBe('conflict')
      expect(
        await refusalOf(change(store, 'acme', (tx) => tx.policies.insert({ ...strict, environment: 'tes' }))),
      ).toBe('conflict')
    })
  })
}
