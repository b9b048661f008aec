import { describe, expect, test } from 'vitest'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { pipeline } from '../examples/pipelines.ts'
import { project } from '../examples/projects.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
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

    test('are removed from their consumers, of which gateways then hear', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write(async (tx) => {
        await insertOrganization(tx, 'acme')
        await insertOrganization(tx, 'rival')
      })
      for (const owner of ['acme', 'rival']) {
        await change(store, owner, async (tx) => {
          await tx.projects.insert(project(owner, 'shop'))
          await tx.projects.insert(project(owner, 'store'))
          const projects = ['store', 'shop']
          await tx.consumers.insert(consumer(owner, `con_${owner}_1`, { pipelines: ['orders'], projects }))
          await tx.consumers.insert(consumer(owner, `con_${owner}_2`, { projects: ['store'] }))
          await tx.consumers.insert(consumer(owner, `con_${owner}_3`))
        })
      }
      const { revision } = await change(store, 'acme', (tx) => tx.projects.remove('acme', 'store'))
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        {
          revision,
          records: [
            expect.objectContaining({ id: 'con_acme_1', pipelines: ['orders'], projects: ['shop'] }),
            expect.not.objectContaining({ projects: expect.anything() as unknown }),
          ],
        },
      ])
      // One of the same name gets none of them.
      await change(store, 'acme', (tx) => tx.projects.insert(project('acme', 'store')))
      const projectsOf = async (owner: string) =>
        (await store.read.consumers.list(owner, EVERYTHING)).items.map(({ projects }) => projects)
      expect(await projectsOf('acme')).toEqual([['shop'], [], []])
      expect(await projectsOf('rival')).toEqual([['shop', 'store'], ['store'], []])
    })
  })
}
