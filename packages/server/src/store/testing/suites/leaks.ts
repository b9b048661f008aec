import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LeakRow } from '../../port/keys/leaks.ts'
import type { Store } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { FIRST_MS } from '../examples/example.ts'
import { key, keyId } from '../examples/keys.ts'
import { leak } from '../examples/leaks.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'

const KEPT = 3

/** Places where secrets of keys were found. Each test has an organization of its own. */
export function leaksContract(database: () => Promise<TestDatabase>): void {
  describe('leaks', () => {
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

    async function insert(
      owner: string,
      name: string,
      id: string,
      more: Partial<LeakRow> = {},
    ): Promise<LeakRow> {
      const row = leak(owner, id, keyId(`${owner}-${name}`), more)
      await change(store, owner, (tx) => tx.leaks.insert(row, KEPT))
      return row
    }

    const idsOf = async (owner: string, name: string): Promise<string[]> =>
      (await store.read.leaks.ofKey(owner, keyId(`${owner}-${name}`))).map(({ id }) => id)

    test('are read as they were written', async () => {
      await organizationWithKeys('read', 'a')
      const rows = [
        await insert('read', 'a', 'lea_1'),
        await insert('read', 'a', 'lea_2', {
          secretSequence: 2,
          url: '',
          live: false,
          switchedOff: true,
          createdAtMs: FIRST_MS + 1,
        }),
      ]
      expect(await store.read.leaks.ofKey('read', keyId('read-a'))).toEqual(rows)
      expect(await store.read.leaks.get('read', 'lea_2')).toEqual(rows[1])
    })

    test('of one key are removed by later ones, the oldest first', async () => {
      await organizationWithKeys('kept', 'a', 'b')
      await insert('kept', 'b', 'other')
      for (const [index, id] of ['2', '1', '3', '4', '5'].entries()) {
        await insert('kept', 'a', id, { createdAtMs: FIRST_MS + Math.floor(index / 2) })
      }
      expect([await idsOf('kept', 'a'), await idsOf('kept', 'b')]).toEqual([['3', '4', '5'], ['other']])
    })

    test('belong to no environment once that is removed', async () => {
      await organizationWithKeys('removed', 'a')
      await insert('removed', 'a', 'lea_1')
      await change(store, 'removed', async (tx) => {
        await tx.keys.update(key('removed', keyId('removed-a'), { deletedAtMs: FIRST_MS }))
        await tx.environments.remove('removed', 'test')
      })
      expect(await store.read.leaks.get('removed', 'lea_1')).toMatchObject({ environment: null })
    })
  })
}
