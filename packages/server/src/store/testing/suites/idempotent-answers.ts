import { describe, expect, test } from 'vitest'
import { keyId } from '../examples/keys.ts'
import type { TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** Stored answers of idempotent requests. */
export function idempotentAnswersContract(database: () => Promise<TestDatabase>): void {
  describe('idempotent answers', () => {
    test('are stored once per scope and key, and pruned by age', async () => {
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
