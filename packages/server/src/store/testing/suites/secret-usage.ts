import { describe, expect, test } from 'vitest'
import { change } from '../examples/audit-events.ts'
import { key, keyId, secret } from '../examples/keys.ts'
import { usageRow } from '../examples/usage.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'

/** Usage counters of secrets. */
export function secretUsageContract(database: () => Promise<TestDatabase>): void {
  describe('usage counters', () => {
    test('add up the reports of each secret, and ignore unknown secrets', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const ids = Array.from({ length: 600 }, (_, index) => keyId(String(index)))
      await change(store, 'acme', async (tx) => {
        for (const id of ids) await tx.keys.insert(key('acme', id))
      })
      const head = await store.feed.head()
      const report = (keyIds: typeof ids, requests: number, lastUsedAtMs: number) =>
        store.addUsage(
          keyIds.map((id) =>
            usageRow({ keyId: id, requests, lastUsedAtMs, lastUsedAddress: `10.0.0.${lastUsedAtMs}` }),
          ),
        )
      await report([...ids, keyId('unknown')], 1, 30)
      await report(ids.toReversed(), 2, 20)
      await store.addUsage([])
      const seven = { keyId: keyId('7') }
      await store.addUsage([
        usageRow({ ...seven, requests: 3, lastUsedAtMs: 40 }),
        usageRow({ ...seven, requests: 4, lastUsedAtMs: 35, lastUsedAddress: '::1', pipeline: 'invoices' }),
        // A second that does not exist, and refusals of a secret that no longer counts.
        usageRow({ ...seven, requests: 9, lastUsedAtMs: 45, secretSequence: 2 }),
        ...['key_inactive', 'key_expired', 'key_outdated', 'key_deleted'].map((code) =>
          usageRow({ ...seven, code, requests: 9, lastUsedAtMs: 45 }),
        ),
      ])
      const use = async (name: string) => (await store.read.keys.get('acme', keyId(name)))?.secrets
      expect(await use('599')).toEqual([
        secret(1, { requests: 3, lastUsedAtMs: 30, lastUsedAddress: '10.0.0.30' }),
      ])
      expect(await use('7')).toEqual([secret(1, { requests: 10, lastUsedAtMs: 40, lastUsedAddress: null })])
      expect(await store.feed.head()).toBe(head)
    })
  })
}
