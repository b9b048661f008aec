import { describe, expect, test } from 'vitest'
import type { Writer } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { environmentSecret } from '../examples/secrets.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

const removeToken = (tx: Writer): Promise<void> => tx.environmentSecrets.remove('acme', 'test', 'TOKEN')

/** Secrets of environments. */
export function secretsContract(database: () => Promise<TestDatabase>): void {
  describe('secrets of an environment', () => {
    test('have a unique name there; an update changes only the value, its time and its author', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
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

    test('are removed by name, which is then free for a new id', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
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
}
