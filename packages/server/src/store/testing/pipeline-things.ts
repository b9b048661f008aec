import { describe, expect, test } from 'vitest'
import {
  EVERYTHING,
  type TestDatabase,
  change,
  consumer,
  deployment,
  ended,
  found,
  pipeline,
  spec,
  version,
} from './fixtures.ts'
import type { DeploymentFilter } from '../port/deployments.ts'
import { refusalOf } from './problem-codes.ts'

/** Pipelines, their versions and their deployments. */
export function pipelineThingsContract(database: () => Promise<TestDatabase>): void {
  describe('pipelines', () => {
    test('are listed by project; a name is taken once; the project must be there', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      await store.write((tx) => tx.pipelines.insert(pipeline('acme', 'pay')))
      expect(await store.read.pipelines.get('acme', 'pay')).toEqual(pipeline('acme', 'pay'))
      expect(await store.read.pipelines.get('acme', 'Pay')).toBeUndefined()
      const listed = await store.read.pipelines.list('acme', EVERYTHING, { project: 'default' })
      expect(listed.items.map(({ name }) => name)).toEqual(['orders', 'pay'])
      expect((await store.read.pipelines.list('acme', EVERYTHING, { project: 'shop' })).items).toEqual([])
      expect(await refusalOf(store.write((tx) => tx.pipelines.insert(pipeline('acme', 'pay'))))).toBe(
        'conflict',
      )
      expect(
        await refusalOf(
          store.write((tx) => tx.pipelines.insert(pipeline('acme', 'buy', { project: 'shop' }))),
        ),
      ).toBe('conflict')
    })

    test('versions are kept as they were written and ordered as numbers', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      const source = { deep: [{ 'a.b': null }], text: '\u0000 "quotes" \u2028 ö', number: 0.1 }
      const tenth = version('acme', 'orders', { minor: 10, source, spec: spec('/ö/:id') })
      await store.write(async (tx) => {
        await tx.pipelines.insertVersion(version('acme', 'orders', { major: 2, minor: 0 }))
        await tx.pipelines.insertVersion(tenth)
        await tx.pipelines.insertVersion(version('acme', 'orders', { minor: 9 }))
      })
      expect(await store.read.pipelines.version('acme', 'orders', 1, 10)).toEqual(tenth)
      expect(await store.read.pipelines.version('acme', 'orders', 1, 11)).toBeUndefined()
      expect(await store.read.pipelines.latestVersion('acme', 'orders')).toMatchObject({ major: 2, minor: 0 })
      expect(await store.read.pipelines.latestVersion('acme', 'orders', 1)).toEqual(tenth)
      expect(await store.read.pipelines.latestVersion('acme', 'orders', 3)).toBeUndefined()
      const { items } = await store.read.pipelines.listVersions('acme', 'orders', EVERYTHING)
      expect(items.map(({ major, minor }) => `${major}.${minor}`)).toEqual(['1.0', '1.9', '1.10', '2.0'])
      expect(await refusalOf(store.write((tx) => tx.pipelines.insertVersion(tenth)))).toBe('conflict')
      expect(
        await refusalOf(store.write((tx) => tx.pipelines.insertVersion({ ...tenth, pipeline: 'order' }))),
      ).toBe('conflict')
    })

    test('a removed pipeline goes with its versions, and consumers lose it', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insert(pipeline('acme', 'pay'))
        await tx.consumers.insert(consumer('acme', 'con_1', { pipelines: ['pay', 'orders'] }))
        await tx.consumers.insert(consumer('acme', 'con_2', { pipelines: ['pay'] }))
        await tx.deployments.insert(deployment('acme', 'dep_1'))
      })
      const removal = () => change(store, 'acme', (tx) => tx.pipelines.remove('acme', 'orders'))
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

  describe('deployments', () => {
    test('one is live for each pipeline, major and environment', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insertVersion(version('acme', 'orders', { minor: 1 }))
        await tx.pipelines.insertVersion(version('acme', 'orders', { major: 2 }))
        await tx.deployments.insert(deployment('acme', 'dep_1'))
        await tx.deployments.insert(deployment('acme', 'dep_2', { major: 2 }))
        await tx.deployments.insert(deployment('acme', 'dep_3', { environment: 'prod' }))
      })
      const next = deployment('acme', 'dep_4', { minor: 1, createdAtMs: 7 })
      expect(await refusalOf(change(store, 'acme', (tx) => tx.deployments.insert(next)))).toBe('conflict')
      const { revision } = await change(store, 'acme', async (tx) => {
        await tx.deployments.end('acme', 'dep_1', ended(7))
        await tx.deployments.insert(next)
      })
      expect(await store.read.deployments.get('acme', 'dep_1')).toMatchObject({ endedAtMs: 7 })
      expect(await store.read.deployments.get('acme', 'dep_4')).toEqual(next)
      const live = await store.read.deployments.allLive('acme', 'test')
      expect(live.map(({ id }) => id)).toEqual(['dep_4', 'dep_2'])
      expect(await store.read.deployments.countLiveOfPipeline('acme', 'orders')).toBe(3)
      // The old one goes before the new one comes, so that a gateway never sees two on one route.
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        {
          records: [
            { kind: 'removed', of: 'deployment', id: 'dep_1' },
            { id: 'dep_4', version: '1.1' },
          ],
        },
      ])
    })

    test('are listed by environment and pipeline; one ends once; its version must be there', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insert(pipeline('acme', 'pay'))
        await tx.pipelines.insertVersion(version('acme', 'pay'))
        await tx.deployments.insert(deployment('acme', 'dep_1'))
        await tx.deployments.insert(deployment('acme', 'dep_2', { environment: 'prod' }))
        await tx.deployments.insert(deployment('acme', 'dep_3', { pipeline: 'pay' }))
      })
      const ids = async (filter?: { environment?: string; pipeline?: string }) =>
        (await store.read.deployments.list('acme', EVERYTHING, filter)).items.map(({ id }) => id)
      expect(await ids()).toEqual(['dep_1', 'dep_2', 'dep_3'])
      expect(await ids({ environment: 'test' })).toEqual(['dep_1', 'dep_3'])
      expect(await ids({ environment: 'test', pipeline: 'pay' })).toEqual(['dep_3'])
      const ending = () => change(store, 'acme', (tx) => tx.deployments.end('acme', 'dep_3', ended(5)))
      await ending()
      expect(await ids({ pipeline: 'pay' })).toEqual([])
      expect(await refusalOf(ending())).toBe('not_found')
      expect(
        await refusalOf(
          change(store, 'acme', (tx) => tx.deployments.insert(deployment('acme', 'dep_4', { minor: 1 }))),
        ),
      ).toBe('conflict')
    })

    test('ended ones are listed only when asked for, in order of creation', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.deployments.insert(deployment('acme', 'dep_b', { createdAtMs: 1, endedAtMs: 2 }))
        await tx.deployments.insert(deployment('acme', 'dep_c', { createdAtMs: 3 }))
        await tx.deployments.insert(deployment('acme', 'dep_a', { createdAtMs: 2, endedAtMs: 3 }))
        await tx.deployments.insert(deployment('acme', 'dep_d', { createdAtMs: 4, environment: 'prod' }))
      })
      const ids = async (filter: DeploymentFilter) =>
        (await store.read.deployments.list('acme', EVERYTHING, filter)).items.map(({ id }) => id)
      expect(await ids({ state: 'all' })).toEqual(['dep_b', 'dep_a', 'dep_c', 'dep_d'])
      expect(await ids({ state: 'all', environment: 'test' })).toEqual(['dep_b', 'dep_a', 'dep_c'])
      expect(await ids({ state: 'all', pipeline: 'pay' })).toEqual([])
      expect(await ids({ state: 'live' })).toEqual(['dep_c', 'dep_d'])
    })

    test('have before them the one that was live last in the same place', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      await store.write((tx) => found(tx, 'globex'))
      // Ids in another order than time; the clock goes back once, and two lived for no time at all.
      const lives = [
        ['dep_9', 100, 50],
        ['dep_8', 50, 60],
        ['dep_3', 70, 70],
        ['dep_7', 70, 90],
        ['dep_1', 90, null],
      ] as const
      const rows = lives.map(([id, createdAtMs, endedAtMs]) =>
        deployment('acme', id, { createdAtMs, endedAtMs }),
      )
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insert(pipeline('acme', 'pay'))
        await tx.pipelines.insertVersion(version('acme', 'pay'))
        await tx.pipelines.insertVersion(version('acme', 'orders', { major: 2 }))
        for (const row of rows) await tx.deployments.insert(row)
        const life = { createdAtMs: 80, endedAtMs: 85 }
        await tx.deployments.insert(deployment('acme', 'other_place', { ...life, environment: 'prod' }))
        await tx.deployments.insert(deployment('acme', 'other_pipeline', { ...life, pipeline: 'pay' }))
        await tx.deployments.insert(deployment('acme', 'other_major', { ...life, major: 2 }))
        await tx.deployments.insert(deployment('globex', 'other_organization', life))
      })
      const before = await Promise.all(rows.slice(1).map((row) => store.read.deployments.previous(row)))
      expect(before).toEqual(rows.slice(0, -1))
      const alone = deployment('acme', 'dep_0', { major: 3 })
      expect(await store.read.deployments.previous(alone)).toBeUndefined()
    })
  })
}
