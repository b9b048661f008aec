import { describe, expect, test } from 'vitest'
import { change } from '../examples/audit-events.ts'
import { pipeline } from '../examples/pipelines.ts'
import { project } from '../examples/projects.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** Projects. */
export function projectsContract(database: () => Promise<TestDatabase>): void {
  describe('projects', () => {
    test('can be described, count their pipelines, and are removed once empty', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', (tx) =>
        tx.projects.insert(project('acme', 'shop', { description: 'Shop' })),
      )
      await change(store, 'acme', (tx) => tx.projects.describe('acme', 'shop', null))
      expect(await store.read.projects.get('acme', 'shop')).toEqual(project('acme', 'shop'))
      expect(await store.read.projects.countPipelines('acme', 'shop')).toBe(0)
      await change(store, 'acme', (tx) => tx.pipelines.insert(pipeline('acme', 'pay', { project: 'shop' })))
      expect(await store.read.projects.countPipelines('acme', 'shop')).toBe(1)
      expect(await refusalOf(change(store, 'acme', (tx) => tx.projects.remove('acme', 'shop')))).toBe(
        'conflict',
      )
      await change(store, 'acme', (tx) => tx.pipelines.remove('acme', 'pay', 9))
      await change(store, 'acme', (tx) => tx.projects.remove('acme', 'shop'))
      expect(await store.read.projects.get('acme', 'shop')).toBeUndefined()
      expect(await refusalOf(change(store, 'acme', (tx) => tx.projects.remove('acme', 'shop')))).toBe(
        'not_found',
      )
      expect(await refusalOf(change(store, 'acme', (tx) => tx.projects.describe('acme', 'shop', 'x')))).toBe(
        'not_found',
      )
      expect(
        await refusalOf(change(store, 'acme', (tx) => tx.projects.insert(project('acme', 'default')))),
      ).toBe('conflict')
    })
  })
}
