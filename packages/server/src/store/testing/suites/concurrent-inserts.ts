import { describe, expect, test } from 'vitest'
import type { Writer } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { issuer } from '../examples/issuers.ts'
import { environmentSecret } from '../examples/secrets.ts'
import { signingKey } from '../examples/signing-keys.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** Concurrent inserts per test. */
const RACERS = 8

/** Concurrent inserts of rows that violate the same unique constraint. */
export function concurrentInsertsContract(database: () => Promise<TestDatabase>): void {
  describe('of concurrent inserts with the same unique value', () => {
    const insertions: readonly (readonly [string, (tx: Writer, id: string) => Promise<void>])[] = [
      ['signing key', (tx, id) => tx.signingKeys.insert(signingKey('acme', id))],
      ['issuer', (tx, id) => tx.issuers.insert(issuer('acme', id, { issuer: 'same' }))],
      ['secret', (tx, id) => tx.environmentSecrets.insert(environmentSecret('acme', id, { name: 'SAME' }))],
    ]
    test.for(insertions)('exactly one succeeds: %s', async ([, insert]) => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const outcomes = await Promise.all(
        Array.from({ length: RACERS }, async (_, index) => {
          const racer = change(index % 2 === 0 ? store : other, 'acme', (tx) => insert(tx, `id_${index}`))
          return await racer.then(
            () => 'in',
            () => refusalOf(racer),
          )
        }),
      )
      expect(outcomes.toSorted()).toEqual([...Array.from({ length: RACERS - 1 }, () => 'conflict'), 'in'])
    })
  })
}
