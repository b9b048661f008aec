import { describe, expect, test } from 'vitest'
import { change } from '../examples/audit-events.ts'
import { organization } from '../examples/organizations.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

/** Organizations. */
export function organizationsContract(database: () => Promise<TestDatabase>): void {
  describe('organizations', () => {
    test('are found by slug; the first one stays the first, whatever the clock', async () => {
      await using db = await database()
      await using store = await db.open()
      expect(await store.read.organizations.first()).toBeUndefined()
      await store.write((tx) => insertOrganization(tx, 'acme', 2_000))
      await store.write((tx) => insertOrganization(tx, 'globex', 1_000))
      expect(await store.read.organizations.get('globex')).toEqual(
        organization('globex', { createdAtMs: 1_000 }),
      )
      expect(await store.read.organizations.get('globe')).toBeUndefined()
      expect((await store.read.organizations.first())?.slug).toBe('acme')
      const { items } = await store.read.organizations.list(EVERYTHING)
      expect(items.map(({ slug }) => slug)).toEqual(['globex', 'acme'])
    })

    test('have a unique slug, and can be changed', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const problem = await problemOf(store.write((tx) => insertOrganization(tx, 'acme')))
      expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('slug')])
      const { revision } = await change(store, 'acme', (tx) => tx.organizations.rename('acme', 'Acme Ltd'))
      await change(store, 'acme', (tx) => tx.organizations.setColor('acme', 'blue'))
      await change(store, 'acme', (tx) => tx.organizations.setOnLeak('acme', 'switch-off'))
      expect(await store.read.organizations.get('acme')).toMatchObject({
        name: 'Acme Ltd',
        color: 'blue',
        onLeak: 'switch-off',
      })
      // Gateways do not receive the name, so this creates no revision.
      expect(revision).toBe(1)
      expect(await refusalOf(change(store, 'acme', (tx) => tx.organizations.rename('acm', 'x')))).toBe(
        'not_found',
      )
    })
  })
}
