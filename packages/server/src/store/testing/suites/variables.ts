import { describe, expect, test } from 'vitest'
import type { Writer } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { environmentVariable } from '../examples/variables.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

const removeHost = (tx: Writer): Promise<void> => tx.environmentVariables.remove('acme', 'test', 'HOST')

/** Variables of environments. */
export function variablesContract(database: () => Promise<TestDatabase>): void {
  describe('variables of an environment', () => {
    test('have a unique name there; an update changes only the value, its time and its author', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const row = environmentVariable('acme', 'var_1', { name: 'HOST' })
      await change(store, 'acme', async (tx) => {
        await tx.environmentVariables.insert(row)
        await tx.environmentVariables.insert({ ...row, id: 'var_2', environment: 'prod' })
        await tx.environmentVariables.insert({ ...row, id: 'var_3', name: 'host' })
      })
      expect(await store.read.environmentVariables.get('acme', 'test', 'HOST')).toEqual(row)
      expect(await store.read.environmentVariables.get('acme', 'test', 'HOS')).toBeUndefined()
      expect(await store.read.environmentVariables.all('acme', 'test')).toMatchObject([
        { name: 'HOST' },
        { name: 'host' },
      ])
      expect(await store.read.environmentVariables.all('acme', 'stage')).toEqual([])
      const twin = environmentVariable('acme', 'var_4', { name: 'HOST' })
      const problem = await problemOf(change(store, 'acme', (tx) => tx.environmentVariables.insert(twin)))
      expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('variable')])
      const set = { value: 'changed.example.com', updatedAtMs: 9, updatedBy: 'key_1' }
      const { revision } = await change(store, 'acme', (tx) =>
        tx.environmentVariables.update({
          ...row,
          ...set,
          name: 'OTHER',
          environment: 'prod',
          createdAtMs: 1,
        }),
      )
      expect(await store.read.environmentVariables.get('acme', 'test', 'HOST')).toEqual({ ...row, ...set })
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        {
          records: [
            { kind: 'environment-variable', id: 'var_1', name: 'HOST', value: 'changed.example.com' },
          ],
        },
      ])
      expect(await refusalOf(change(store, 'acme', (tx) => tx.environmentVariables.update(twin)))).toBe(
        'not_found',
      )
    })

    test('are removed by name, which is then free for a new id', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const row = environmentVariable('acme', 'var_1', { name: 'HOST' })
      await change(store, 'acme', (tx) => tx.environmentVariables.insert(row))
      const { revision } = await change(store, 'acme', async (tx) => {
        await removeHost(tx)
        await tx.environmentVariables.insert({ ...row, id: 'var_2' })
      })
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        {
          records: [
            { kind: 'removed', of: 'environment-variable', organization: 'acme', id: 'var_1' },
            { kind: 'environment-variable', id: 'var_2', name: 'HOST' },
          ],
        },
      ])
      await change(store, 'acme', removeHost)
      expect(await refusalOf(change(store, 'acme', removeHost))).toBe('not_found')
    })
  })
}
