import { describe, expect, test } from 'vitest'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { deployment, ended } from '../examples/deployments.ts'
import { pipeline, spec, version } from '../examples/pipelines.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** Pipelines and their versions. */
export function pipelinesContract(database: () => Promise<TestDatabase>): void {
  describe('pipelines', () => {
    test('are listed by project, have a unique name, and need an existing project', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', (tx) => tx.pipelines.insert(pipeline('acme', 'pay')))
      expect(await store.read.pipelines.get('acme', 'pay')).toEqual(pipeline('acme', 'pay'))
      expect(await store.read.pipelines.get('acme', 'Pay')).toBeUndefined()
      const listed = await store.read.pipelines.list('acme', EVERYTHING, { project: 'default' })
      expect(listed.items.map(({ name }) => name)).toEqual(['orders', 'pay'])
      expect((await store.read.pipelines.list('acme', EVERYTHING, { project: 'shop' })).items).toEqual([])
      expect(
        await refusalOf(change(store, 'acme', (tx) => tx.pipelines.insert(pipeline('acme', 'pay')))),
      ).toBe('conflict')
      expect(
        await refusalOf(
          change(store, 'acme', (tx) => tx.pipelines.insert(pipeline('acme', 'buy', { project: 'shop' }))),
        ),
      ).toBe('conflict')
    })

    test('have versions that are read back as written and ordered as numbers', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const source = { deep: [{ 'a.b': null }], text: '\u0000 "quotes" \u2028 ö', number: 0.1 }
      const tenth = version('acme', 'orders', { minor: 10, source, spec: spec('/ö/:id') })
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insertVersion(version('acme', 'orders', { major: 2, minor: 0 }))
        await tx.pipelines.insertVersion(tenth)
        await tx.pipelines.insertVersion(version('acme', 'orders', { minor: 9 }))
      })
      expect(await store.read.pipelines.version('acme', 'orders', 1, 10)).toEqual(tenth)
      expect(await store.read.pipelines.version('acme', 'orders', 1, 11)).toBeUndefined()
      expect(await store.read.pipelines.latestVersion('acme', 'orders')).toMatchObject({ major: 2, minor: 0 })
      expect(await store.read.pipelines.latestVersion('acme', 'orders', 1)).toEqual(tenth)
      expect(await store.read.pipelines.latestVersion('acme', 'orders', 3)).toBeUndefined()
      expect(await store.read.pipelines.latestVersions('acme', ['orders', 'no-such-one'])).toEqual(
        new Map([['orders', '2.0']]),
      )
      expect(await store.read.pipelines.latestVersions('acme', [])).toEqual(new Map())
      expect(await store.read.pipelines.latestVersions('other', ['orders'])).toEqual(new Map())
      const { items } = await store.read.pipelines.listVersions('acme', 'orders', EVERYTHING)
      expect(items.map(({ major, minor }) => `${major}.${minor}`)).toEqual(['1.0', '1.9', '1.10', '2.0'])
      expect(await refusalOf(change(store, 'acme', (tx) => tx.pipelines.insertVersion(tenth)))).toBe(
        'conflict',
      )
      expect(
        await refusalOf(
          change(store, 'acme', (tx) => tx.pipelines.insertVersion({ ...tenth, pipeline: 'order' })),
        ),
      ).toBe('conflict')
    })

    test('are removed with their versions and from their consumers', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insert(pipeline('acme', 'pay'))
        await tx.consumers.insert(consumer('acme', 'con_1', { pipelines: ['pay', 'orders'] }))
        await tx.consumers.insert(consumer('acme', 'con_2', { pipelines: ['pay'] }))
        await tx.deployments.insert(deployment('acme', 'dep_1'))
      })
      const removal = () => change(store, 'acme', (tx) => tx.pipelines.remove('acme', 'orders', 9))
      expect(await refusalOf(removal())).toBe('conflict')
      await change(store, 'acme', (tx) => tx.deployments.end('acme', 'dep_1', ended(5)))
      const { revision } = await removal()
      expect(await store.read.pipelines.get('acme', 'orders')).toBeUndefined()
      expect(await store.read.pipelines.version('acme', 'orders', 1, 0)).toBeUndefined()
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        { revision, records: [{ kind: 'consumer', id: 'con_1', pipelines: ['pay'] }] },
      ])
      expect(await refusalOf(removal())).toBe('not_found')
    })
  })
}
