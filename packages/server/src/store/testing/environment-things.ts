import { describe, expect, test } from 'vitest'
import type { Writer } from '../port/store.ts'
import { EVERYTHING, FIRST_MS, type TestDatabase, change, found } from './fixtures.ts'
import { environmentSecret, issuer, signingKey } from './governance-fixtures.ts'
import { problemOf, refusalOf } from './problem-codes.ts'

/** How many ask for the same place at once. */
const RACERS = 8

const removeToken = (tx: Writer): Promise<void> => tx.environmentSecrets.remove('acme', 'test', 'TOKEN')

/** What belongs to an environment alone: signing keys, issuers and secrets. */
export function environmentThingsContract(database: () => Promise<TestDatabase>): void {
  describe('signing keys', () => {
    test('are read back as they were written, the one that signs first', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      const oldest = signingKey('acme', 'sig_a', {
        algorithm: 'RS256',
        publicJwk: { kty: 'RSA', n: 'ö"', e: 'AQAB', key_ops: ['verify'] },
        verifiesUntilMs: FIRST_MS + 9,
      })
      const old = signingKey('acme', 'sig_b', { verifiesUntilMs: FIRST_MS + 9 })
      // Made when the clock had gone back.
      const signing = signingKey('acme', 'sig_0', { createdAtMs: FIRST_MS - 1 })
      await change(store, 'acme', async (tx) => {
        for (const row of [signing, oldest, old]) await tx.signingKeys.insert(row)
        await tx.signingKeys.insert(signingKey('acme', 'sig_prod', { environment: 'prod' }))
      })
      expect(await store.read.signingKeys.all('acme', 'test')).toEqual([signing, old, oldest])
      expect(await store.read.signingKeys.all('acme', 'stage')).toEqual([])
      for (const wrong of [{ environment: 'stage' }, { id: 'sig_a' }, { organization: 'nobody' }]) {
        const row = signingKey('acme', 'sig_c', { verifiesUntilMs: 1, ...wrong })
        expect(await refusalOf(change(store, 'acme', (tx) => tx.signingKeys.insert(row)))).toBe('conflict')
      }
    })

    test('of an environment sign one at a time; the next one signs once the last is retired', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
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

  describe('issuers', () => {
    test('are read back as they were written, and trusted once in an environment', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      const byUrl = issuer('acme', 'iss_1', { issuer: 'https://id.example', audiences: ['a', 'ö "b"'] })
      const pasted = issuer('acme', 'iss_2', {
        // To the character: the slash makes it another issuer.
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
      ['with neither', { jwksUrl: null }],
      ['for no audience', { audiences: [] }],
    ] as const)('%s cannot be kept', async ([, wrong]) => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      const bad = issuer('acme', 'iss_1', wrong)
      await expect(change(store, 'acme', (tx) => tx.issuers.insert(bad))).rejects.toThrow(/constraint/i)
      expect(await store.read.issuers.countOfEnvironment('acme', 'test')).toBe(0)
    })
  })

  describe('secrets of an environment', () => {
    test('have a name of their own there; only their value and who set it change', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      const row = environmentSecret('acme', 'sec_1', { name: 'TOKEN' })
      await change(store, 'acme', async (tx) => {
        await tx.environmentSecrets.insert(row)
        await tx.environmentSecrets.insert({ ...row, id: 'sec_2', environment: 'prod' })
        await tx.environmentSecrets.insert({ ...row, id: 'sec_3', name: 'token' })
      })
      expect(await store.read.environmentSecrets.get('acme', 'test', 'TOKEN')).toEqual(row)
      expect(await store.read.environmentSecrets.get('acme', 'test', 'TOKE')).toBeUndefined()
      expect(await store.read.environmentSecrets.names('acme', 'test')).toEqual(['TOKEN', 'token'])
      expect(await store.read.environmentSecrets.names('acme', 'stage')).toEqual([])
      const twin = environmentSecret('acme', 'sec_4', { name: 'TOKEN' })
      const problem = await problemOf(change(store, 'acme', (tx) => tx.environmentSecrets.insert(twin)))
      expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('secret')])
      const set = { sealedValue: 'sealed anew', updatedAtMs: 9, updatedBy: 'key_1' }
      const { revision } = await change(store, 'acme', (tx) =>
        tx.environmentSecrets.update({ ...row, ...set, name: 'OTHER', environment: 'prod', createdAtMs: 1 }),
      )
      expect(await store.read.environmentSecrets.get('acme', 'test', 'TOKEN')).toEqual({ ...row, ...set })
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        { records: [{ kind: 'environment-secret', id: 'sec_1', name: 'TOKEN', sealedValue: 'sealed anew' }] },
      ])
      expect(await refusalOf(change(store, 'acme', (tx) => tx.environmentSecrets.update(twin)))).toBe(
        'not_found',
      )
    })

    test('are removed by name, and a name is free again under a new id', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      const row = environmentSecret('acme', 'sec_1', { name: 'TOKEN' })
      await change(store, 'acme', (tx) => tx.environmentSecrets.insert(row))
      const { revision } = await change(store, 'acme', async (tx) => {
        await removeToken(tx)
        await tx.environmentSecrets.insert({ ...row, id: 'sec_2' })
      })
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        {
          records: [
            { kind: 'removed', of: 'environment-secret', organization: 'acme', id: 'sec_1' },
            { kind: 'environment-secret', id: 'sec_2', name: 'TOKEN' },
          ],
        },
      ])
      await change(store, 'acme', removeToken)
      expect(await refusalOf(change(store, 'acme', removeToken))).toBe('not_found')
    })
  })

  describe('of several that want the same place in an environment at once', () => {
    const insertions: readonly (readonly [string, (tx: Writer, id: string) => Promise<void>])[] = [
      ['signing key', (tx, id) => tx.signingKeys.insert(signingKey('acme', id))],
      ['issuer', (tx, id) => tx.issuers.insert(issuer('acme', id, { issuer: 'same' }))],
      ['secret', (tx, id) => tx.environmentSecrets.insert(environmentSecret('acme', id, { name: 'SAME' }))],
    ]
    test.for(insertions)('exactly one gets it: %s', async ([, insert]) => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      await store.write((tx) => found(tx, 'acme'))
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
