import { describe, expect, test } from 'vitest'
import { change } from '../examples/audit-events.ts'
import { FIRST_MS } from '../examples/example.ts'
import { signingKey } from '../examples/signing-keys.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

/** Signing keys. */
export function signingKeysContract(database: () => Promise<TestDatabase>): void {
  describe('signing keys', () => {
    test('are read back as written, the signing one first', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const oldest = signingKey('acme', 'sig_a', {
        algorithm: 'RS256',
        publicJwk: { kty: 'RSA', n: 'ö"', e: 'AQAB', key_ops: ['verify'] },
        verifiesUntilMs: FIRST_MS + 9,
      })
      const old = signingKey('acme', 'sig_b', { verifiesUntilMs: FIRST_MS + 9 })
      // Created after the clock went back.
      const signing = signingKey('acme', 'sig_0', { createdAtMs: FIRST_MS - 1 })
      await change(store, 'acme', async (tx) => {
        for (const row of [signing, oldest, old]) await tx.signingKeys.insert(row)
        await tx.signingKeys.insert(signingKey('acme', 'sig_prod', { environment: 'prod' }))
      })
      expect(await store.read.signingKeys.all('acme', 'test')).toEqual([signing, old, oldest])
      expect(await store.read.signingKeys.all('acme', 'stage')).toEqual([])
      for (const wrong of [{ environment: 'stage' }, { id: 'sig_a' }, { organization: 'unknown' }]) {
        const row = signingKey('acme', 'sig_c', { verifiesUntilMs: 1, ...wrong })
        expect(await refusalOf(change(store, 'acme', (tx) => tx.signingKeys.insert(row)))).toBe('conflict')
      }
    })

    test('sign one at a time; the next one signs after the last is retired', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const first = signingKey('acme', 'sig_1')
      const second = signingKey('acme', 'sig_2', { createdAtMs: FIRST_MS + 1 })
      await change(store, 'acme', (tx) => tx.signingKeys.insert(first))
      const problem = await problemOf(change(store, 'acme', (tx) => tx.signingKeys.insert(second)))
      expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('signs')])
      const { revision } = await change(store, 'acme', async (tx) => {
        await tx.signingKeys.retire('acme', 'sig_1', 9)
        await tx.signingKeys.insert(second)
      })
      const retired = { ...first, verifiesUntilMs: 9 }
      expect(await store.read.signingKeys.all('acme', 'test')).toEqual([second, retired])
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        {
          records: [
            { kind: 'signing-key', id: 'sig_1', verifiesUntilMs: 9 },
            { kind: 'signing-key', id: 'sig_2', verifiesUntilMs: null },
          ],
        },
      ])
      const removal = () => change(store, 'acme', (tx) => tx.signingKeys.remove('acme', 'sig_1'))
      const removed = await removal()
      expect(await store.feed.changesAfter(removed.revision - 1, 10)).toMatchObject([
        { records: [{ kind: 'removed', of: 'signing-key', organization: 'acme', id: 'sig_1' }] },
      ])
      expect(await refusalOf(removal())).toBe('not_found')
      expect(await refusalOf(change(store, 'acme', (tx) => tx.signingKeys.retire('acme', 'sig_1', 9)))).toBe(
        'not_found',
      )
    })
  })
}
