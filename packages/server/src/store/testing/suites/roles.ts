import type { Target } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { KeyRow } from '../../port/keys.ts'
import { change } from '../examples/audit-events.ts'
import { key, keyId } from '../examples/keys.ts'
import { role } from '../examples/roles.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

/** Custom roles, and the keys that have a role. */
export function rolesContract(database: () => Promise<TestDatabase>): void {
  describe('roles', () => {
    test('are read back by name as written, and gateways receive each change', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const wide = role('acme', 'wide', {
        permissions: [
          { permission: 'keys.read' },
          { permission: 'pipelines.read', environment: 'prod', project: 'p', pipeline: 'q' },
        ],
      })
      const caller = role('acme', 'caller')
      await change(store, 'acme', async (tx) => {
        for (const row of [wide, caller]) await tx.roles.insert(row)
      })
      const { read } = store
      expect(await read.roles.all('acme')).toEqual([caller, wide])
      expect(await read.roles.get('acme', 'wide')).toEqual(wide)
      expect(await read.roles.get('acme', 'id of wide')).toBeUndefined()
      expect(await read.roles.named(['acme'], ['wide', 'owner', 'Caller'])).toEqual([wide])
      expect(await read.roles.named(['acme'], [])).toEqual([])
      const again = { ...caller, id: 'another' }
      const problem = await problemOf(change(store, 'acme', (tx) => tx.roles.insert(again)))
      expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('role')])

      const narrowed = { ...wide, permissions: caller.permissions, updatedBy: 'key_1' }
      await change(store, 'acme', (tx) => tx.roles.update(narrowed))
      expect(await read.roles.get('acme', 'wide')).toEqual(narrowed)
      const { revision } = await change(store, 'acme', (tx) => tx.roles.remove('acme', 'caller'))
      expect(await store.feed.changesAfter(revision - 2, 10)).toMatchObject([
        { records: [{ kind: 'role', organization: 'acme', name: 'wide', grants: caller.permissions }] },
        { records: [{ kind: 'removed', of: 'role', organization: 'acme', id: 'caller' }] },
      ])
      expect(await refusalOf(change(store, 'acme', (tx) => tx.roles.remove('acme', 'caller')))).toBe(
        'not_found',
      )
      await change(store, 'acme', (tx) => tx.roles.insert(again))
      expect(await read.roles.all('acme')).toEqual([again, narrowed])
    })

    test('have the keys as holders that name them and are not deleted', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write(async (tx) => {
        await insertOrganization(tx, 'acme')
        await insertOrganization(tx, 'rival')
      })
      let made = 0
      const insert = async (more: Partial<KeyRow>, owner = 'acme'): Promise<KeyRow> => {
        made += 1
        const row = key(owner, keyId(String(made)), { name: `key ${made}`, environment: null, ...more })
        await change(store, owner, (tx) => tx.keys.insert(row))
        return row
      }
      const update = async (row: KeyRow, more: Partial<KeyRow>): Promise<KeyRow> => {
        const after = { ...row, ...more }
        await change(store, 'acme', (tx) => tx.keys.update(after))
        return after
      }
      const holders = async (name: string, scopes?: readonly Target[]): Promise<string[]> => {
        const visible = scopes && { member: [], key: scopes, 'external-key': undefined }
        const rows = await store.read.roles.holders('acme', name, 10, visible)
        expect(await store.read.roles.countHolders('acme', name, visible)).toBe(rows.length)
        return rows.map((row) => row.name)
      }
      await insert({ roles: ['caller', 'owner'], active: false })
      let second = await insert({ roles: ['caller'], environment: 'test', expiresAtMs: 1 })
      await insert({ roles: ['callers', 'Caller', 'call'] })
      await insert({ roles: ['caller'], deletedAtMs: 5 })
      await insert({ roles: ['caller'] }, 'rival')
      let sixth = await insert({ roles: ['caller', 'caller'], environment: 'prod' })
      expect(await holders('caller')).toEqual(['key 1', 'key 2', 'key 6'])
      expect(await holders('owner')).toEqual(['key 1'])
      expect(await holders('nobody')).toEqual([])
      expect(await store.read.roles.holders('acme', 'caller', 2)).toEqual([
        { kind: 'key', id: keyId('1'), name: 'key 1' },
        { kind: 'key', id: keyId('2'), name: 'key 2' },
      ])
      // A key without an environment is in no environment.
      expect(await holders('caller', [{ environment: 'test' }])).toEqual(['key 2'])
      expect(await holders('caller', [{ environment: 'test' }, { environment: 'prod' }])).toEqual([
        'key 2',
        'key 6',
      ])
      expect(await holders('caller', [])).toEqual([])

      second = await update(second, { name: 'renamed', environment: 'prod' })
      expect(await holders('caller', [{ environment: 'prod' }])).toEqual(['renamed', 'key 6'])
      second = await update(second, { roles: ['auditor'] })
      expect([await holders('caller'), await holders('auditor')]).toEqual([['key 1', 'key 6'], ['renamed']])
      sixth = await update(sixth, { deletedAtMs: 5 })
      expect(await holders('caller')).toEqual(['key 1'])
      expect(await refusalOf(update(sixth, { deletedAtMs: null }))).toBe('conflict')
      await update(second, { roles: ['auditor', 'caller'] })
      expect(await holders('caller')).toEqual(['key 1', 'renamed'])
      expect(await store.read.roles.countHolders('rival', 'caller')).toBe(1)
    })
  })
}
