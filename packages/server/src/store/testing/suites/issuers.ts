import { describe, expect, test } from 'vitest'
import { change } from '../examples/audit-events.ts'
import { issuer } from '../examples/issuers.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

/** Trusted issuers. */
export function issuersContract(database: () => Promise<TestDatabase>): void {
  describe('issuers', () => {
    test('are read back as written, and are unique in their environment', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const byUrl = issuer('acme', 'iss_1', { issuer: 'https://id.example', audiences: ['a', 'ö "b"'] })
      const pasted = issuer('acme', 'iss_2', {
        // Issuers are compared exactly: the slash makes it a different one.
        issuer: 'https://id.example/',
        jwksUrl: null,
        jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k/../1' }] },
      })
      const elsewhere = { ...byUrl, id: 'iss_3', environment: 'prod' }
      await change(store, 'acme', async (tx) => {
        for (const row of [byUrl, pasted, elsewhere]) await tx.issuers.insert(row)
      })
      expect((await store.read.issuers.list('acme', 'test', EVERYTHING)).items).toEqual([byUrl, pasted])
      expect(await store.read.issuers.get('acme', 'iss_2')).toEqual(pasted)
      expect(await store.read.issuers.get('acme', 'iss_4')).toBeUndefined()
      expect(await store.read.issuers.countOfEnvironment('acme', 'test')).toBe(2)
      expect(await store.read.issuers.countOfEnvironment('acme', 'stage')).toBe(0)
      const again = { ...pasted, id: 'iss_4' }
      const problem = await problemOf(change(store, 'acme', (tx) => tx.issuers.insert(again)))
      expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('issuer')])
      await change(store, 'acme', (tx) => tx.issuers.remove('acme', 'iss_2'))
      const { revision } = await change(store, 'acme', (tx) => tx.issuers.insert(again))
      expect(await store.feed.changesAfter(revision - 2, 10)).toMatchObject([
        { records: [{ kind: 'removed', of: 'issuer', organization: 'acme', id: 'iss_2' }] },
        { records: [{ kind: 'issuer', id: 'iss_4', jwksUrl: null, jwks: pasted.jwks }] },
      ])
      expect(await refusalOf(change(store, 'acme', (tx) => tx.issuers.remove('acme', 'iss_2')))).toBe(
        'not_found',
      )
    })

    test.for([
      ['with a URL and keys', { jwks: { keys: [] } }],
      ['with neither a URL nor keys', { jwksUrl: null }],
      ['without an audience', { audiences: [] }],
    ] as const)('%s cannot be stored', async ([, wrong]) => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const bad = issuer('acme', 'iss_1', wrong)
      await expect(change(store, 'acme', (tx) => tx.issuers.insert(bad))).rejects.toThrow(/constraint/i)
      expect(await store.read.issuers.countOfEnvironment('acme', 'test')).toBe(0)
    })
  })
}
