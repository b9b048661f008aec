import { describe, expect, test } from 'vitest'
import { type TestDatabase, change, found, key, keyId, secret } from './fixtures.ts'
import { refusalOf } from './problem-codes.ts'

/** What is kept outside the order of changes: the use of secrets, and answers to be given again. */
export function useAndAnswersContract(database: () => Promise<TestDatabase>): void {
  describe('use', () => {
    test('adds up over reports, of one secret each; unknown secrets are passed over', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      const ids = Array.from({ length: 600 }, (_, index) => keyId(String(index)))
      await change(store, 'acme', async (tx) => {
        for (const id of ids) await tx.keys.insert(key('acme', id))
      })
      const head = await store.feed.head()
      const report = (keyIds: typeof ids, requests: number, lastUsedAtMs: number) =>
        store.addUsage(
          keyIds.map((id) => ({
            keyId: id,
            secretSequence: 1,
            requests,
            lastUsedAtMs,
            lastUsedAddress: `10.0.0.${lastUsedAtMs}`,
          })),
        )
      await report([...ids, keyId('unknown')], 1, 30)
      await report(ids.toReversed(), 2, 20)
      await store.addUsage([])
      await store.addUsage([
        { keyId: keyId('7'), secretSequence: 1, requests: 3, lastUsedAtMs: 40, lastUsedAddress: null },
        { keyId: keyId('7'), secretSequence: 1, requests: 4, lastUsedAtMs: 35, lastUsedAddress: '::1' },
        { keyId: keyId('7'), secretSequence: 2, requests: 9, lastUsedAtMs: 35, lastUsedAddress: '::1' },
      ])
      const use = async (name: string) => (await store.read.keys.get('acme', keyId(name)))?.secrets
      expect(await use('599')).toEqual([
        secret(1, { requests: 3, lastUsedAtMs: 30, lastUsedAddress: '10.0.0.30' }),
      ])
      expect(await use('7')).toEqual([secret(1, { requests: 10, lastUsedAtMs: 40, lastUsedAddress: null })])
      expect(await store.feed.head()).toBe(head)
    })
  })

  describe('kept answers', () => {
    test('are kept once for each scope and key, and forgotten by age', async () => {
      await using db = await database()
      await using store = await db.open()
      const answer = { scope: 'setup', key: 'a', requestDigest: 'd', sealedResult: 's', createdAtMs: 100 }
      await store.write((tx) => tx.idempotency.save(answer))
      await store.write((tx) => tx.idempotency.save({ ...answer, scope: keyId('1'), createdAtMs: 101 }))
      expect(await store.read.idempotency.find('setup', 'a')).toEqual(answer)
      expect(await store.read.idempotency.find('setup', 'b')).toBeUndefined()
      expect(await refusalOf(store.write((tx) => tx.idempotency.save(answer)))).toBe('conflict')
      await store.write((tx) => tx.idempotency.prune(101))
      expect(await store.read.idempotency.find('setup', 'a')).toBeUndefined()
      expect(await store.read.idempotency.find(keyId('1'), 'a')).toMatchObject({ createdAtMs: 101 })
    })
  })
}
