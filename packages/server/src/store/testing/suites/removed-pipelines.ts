import { describe, expect, test } from 'vitest'
import type { DeploymentFilter, DeploymentRow } from '../../port/deployments.ts'
import type { Page } from '../../port/pages/paging.ts'
import type { Store } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { deployment, ended } from '../examples/deployments.ts'
import { pipeline, version } from '../examples/pipelines.ts'
import { probe } from '../examples/probes.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** An ended deployment that was promoted. */
const promoted = (id: string, more: Partial<DeploymentRow> = {}): DeploymentRow =>
  deployment('acme', id, {
    origin: 'promote',
    from: { deployment: 'dep_source', environment: 'stage' },
    ...ended(5, 'dep_next'),
    ...more,
  })

async function idsOf(store: Store, filter: DeploymentFilter = { state: 'all' }): Promise<readonly string[]> {
  return (await store.read.deployments.list('acme', EVERYTHING, filter)).items.map(({ id }) => id)
}

/** Creates `orders` again, with its version 1.0. */
async function createAgain(store: Store): Promise<void> {
  await change(store, 'acme', async (tx) => {
    await tx.pipelines.insert(pipeline('acme', 'orders', { createdAtMs: 20 }))
    await tx.pipelines.insertVersion(version('acme', 'orders'))
  })
}

const remove = (store: Store, name: string, removedAtMs: number, organization = 'acme') =>
  change(store, organization, (tx) => tx.pipelines.remove(organization, name, removedAtMs))

/** The ended deployments of removed pipelines. */
export function removedPipelinesContract(database: () => Promise<TestDatabase>): void {
  describe('the deployments of a removed pipeline', () => {
    test('are read as before, with the time of the removal', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const row = promoted('dep_1')
      const plain = deployment('acme', 'dep_2', ended(6))
      await change(store, 'acme', async (tx) => {
        for (const one of [row, plain]) await tx.deployments.insert(one)
        await tx.probes.save(probe('acme', 'dep_1', { alarm: true }))
      })
      expect(await store.read.deployments.get('acme', 'dep_1')).toEqual(row)
      await remove(store, 'orders', 9)
      for (const one of [row, plain]) {
        const kept = { ...one, pipelineRemovedAtMs: 9 }
        expect(await store.read.deployments.get('acme', one.id)).toEqual(kept)
        const { items } = await store.read.deployments.list('acme', EVERYTHING, { state: 'ended' })
        expect(items.find(({ id }) => id === one.id)).toEqual(kept)
      }
      expect(await store.read.probes.get('acme', 'dep_1')).toEqual(probe('acme', 'dep_1', { alarm: true }))
      expect(await store.read.probes.get('acme', 'dep_2')).toBeUndefined()
      expect(await idsOf(store, { state: 'all', pipeline: 'orders', environment: 'test' })).toEqual([
        'dep_1',
        'dep_2',
      ])
      expect(await idsOf(store, { state: 'all', pipeline: 'order' })).toEqual([])
      expect(await idsOf(store, { state: 'all', environment: 'prod' })).toEqual([])
      expect(await idsOf(store, { state: 'live' })).toEqual([])
      expect(
        await refusalOf(change(store, 'acme', (tx) => tx.deployments.end('acme', 'dep_1', ended(9)))),
      ).toBe('not_found')
    })

    test('are apart from those of a new pipeline of the same name', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const { deployments } = store.read
      await change(store, 'acme', (tx) => tx.deployments.insert(promoted('dep_1', { createdAtMs: 1 })))
      await remove(store, 'orders', 9)
      await createAgain(store)
      const live = deployment('acme', 'dep_2', { createdAtMs: 30 })
      await change(store, 'acme', (tx) => tx.deployments.insert(live))
      expect(await deployments.previous(live)).toBeUndefined()
      expect(await deployments.countLiveOfPipeline('acme', 'orders')).toBe(1)
      expect(await refusalOf(remove(store, 'orders', 39))).toBe('conflict')
      expect(await deployments.get('acme', 'dep_2')).toEqual(live)
      await change(store, 'acme', (tx) => tx.deployments.end('acme', 'dep_2', ended(38)))
      expect(await idsOf(store)).toEqual(['dep_1', 'dep_2'])
      await remove(store, 'orders', 40)
      const { items } = await deployments.list('acme', EVERYTHING, { state: 'ended', pipeline: 'orders' })
      expect(items.map((row) => [row.id, row.pipelineRemovedAtMs])).toEqual([
        ['dep_1', 9],
        ['dep_2', 40],
      ])
      await createAgain(store)
      const third = deployment('acme', 'dep_3', { createdAtMs: 50 })
      await change(store, 'acme', (tx) => tx.deployments.insert(third))
      expect(await deployments.previous(third)).toBeUndefined()
    })

    test('are listed among the others in order of creation, on pages of any size', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insert(pipeline('acme', 'pay'))
        await tx.pipelines.insertVersion(version('acme', 'pay'))
        for (const [id, name, createdAtMs] of [
          ['dep_a', 'pay', 1],
          ['dep_d', 'orders', 2],
          ['dep_b', 'pay', 2],
          ['dep_c', 'orders', 2],
          ['dep_e', 'orders', 3],
          ['dep_f', 'pay', 4],
        ] as const) {
          await tx.deployments.insert(promoted(id, { pipeline: name, createdAtMs }))
        }
        await tx.deployments.insert(deployment('acme', 'dep_g', { createdAtMs: 5 }))
      })
      const expected = ['dep_a', 'dep_b', 'dep_c', 'dep_d', 'dep_e', 'dep_f', 'dep_g']
      expect(await idsOf(store)).toEqual(expected)
      await remove(store, 'pay', 9)
      for (let limit = 1; limit <= expected.length + 1; limit += 1) {
        const ids: string[] = []
        let cursor: string | null = null
        do {
          const page: Page<DeploymentRow> = await store.read.deployments.list(
            'acme',
            { limit, ...(cursor === null ? {} : { cursor }) },
            { state: 'all' },
          )
          expect(page.items.length).toBeGreaterThan(0)
          expect(page.items.length).toBeLessThanOrEqual(limit)
          ids.push(...page.items.map(({ id }) => id))
          cursor = page.next
        } while (cursor !== null)
        expect([limit, ids]).toEqual([limit, expected])
      }
      const foreign = { limit: 1, cursor: 'x' }
      expect(await refusalOf(store.read.deployments.list('acme', foreign, { state: 'all' }))).toBe(
        'invalid_request',
      )
    })

    test('are shown to readers of their environment, but not of a project or pipeline of that name', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', (tx) => tx.deployments.insert(promoted('dep_1')))
      const shown = async (visible: readonly Record<string, string>[]) =>
        (await store.read.deployments.list('acme', { ...EVERYTHING, visible }, { state: 'all' })).items.map(
          ({ id }) => id,
        )
      const narrow = [
        { project: 'default' },
        { pipeline: 'orders' },
        { environment: 'test', pipeline: 'orders' },
        { environment: 'test', project: 'default' },
        { project: 'default', pipeline: 'orders' },
      ]
      for (const scope of narrow) expect([scope, await shown([scope])]).toEqual([scope, ['dep_1']])
      await remove(store, 'orders', 9)
      await createAgain(store)
      for (const scope of narrow) expect([scope, await shown([scope])]).toEqual([scope, []])
      expect(await shown(narrow)).toEqual([])
      expect(await shown([{ environment: 'prod' }])).toEqual([])
      expect(await shown([{ environment: 'test' }])).toEqual(['dep_1'])
      expect(await shown([{}])).toEqual(['dep_1'])
    })

    test('are removed with their environment, in its organization only', async () => {
      await using db = await database()
      await using store = await db.open()
      for (const owner of ['acme', 'globex']) {
        await store.write((tx) => insertOrganization(tx, owner))
        await change(store, owner, async (tx) => {
          await tx.deployments.insert(promoted('dep_1', { organization: owner }))
          await tx.deployments.insert(promoted('dep_2', { organization: owner, environment: 'prod' }))
        })
      }
      await remove(store, 'orders', 9)
      const get = async (owner: string, id: string) =>
        (await store.read.deployments.get(owner, id))?.pipelineRemovedAtMs
      expect([await get('acme', 'dep_1'), await get('globex', 'dep_1')]).toEqual([9, null])
      await remove(store, 'orders', 10, 'globex')
      expect([await get('acme', 'dep_1'), await get('globex', 'dep_1')]).toEqual([9, 10])
      await change(store, 'acme', (tx) => tx.environments.remove('acme', 'test'))
      expect(await get('acme', 'dep_1')).toBeUndefined()
      expect(await get('acme', 'dep_2')).toBe(9)
      expect(await get('globex', 'dep_1')).toBe(10)
    })

    test('are kept up to a number, the newest ones of each environment', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await store.write((tx) => insertOrganization(tx, 'globex'))
      await change(store, 'globex', (tx) =>
        tx.deployments.insert(promoted('dep_old', { organization: 'globex', endedAtMs: 1 })),
      )
      await remove(store, 'orders', 9, 'globex')
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insert(pipeline('acme', 'pay'))
        await tx.pipelines.insertVersion(version('acme', 'pay'))
        const pay = { pipeline: 'pay' }
        await tx.deployments.insert(promoted('dep_old', { ...pay, endedAtMs: 1 }))
        await tx.deployments.insert(promoted('dep_new', { ...pay, endedAtMs: 9_999 }))
        await tx.deployments.insert(promoted('dep_prod', { ...pay, environment: 'prod', endedAtMs: 1 }))
        await tx.pipelines.remove('acme', 'pay', 10_000)
        for (let index = 0; index < 1_001; index += 1) {
          const id = `dep_${String(index).padStart(4, '0')}`
          await tx.deployments.insert(promoted(id, { createdAtMs: index, endedAtMs: 100 + index }))
        }
      })
      expect(await idsOf(store)).toHaveLength(1_000)
      await remove(store, 'orders', 10_001)
      const kept = new Set<string>()
      let cursor: string | null = null
      do {
        const { items, next }: Page<DeploymentRow> = await store.read.deployments.list(
          'acme',
          { limit: 1_000, ...(cursor === null ? {} : { cursor }) },
          { state: 'ended' },
        )
        for (const { id } of items) kept.add(id)
        cursor = next
      } while (cursor !== null)
      expect(kept.size).toBe(1_001)
      expect(['dep_new', 'dep_prod', 'dep_0002', 'dep_1000'].filter((id) => !kept.has(id))).toEqual([])
      expect(['dep_old', 'dep_0000', 'dep_0001'].filter((id) => kept.has(id))).toEqual([])
      expect(await store.read.deployments.get('globex', 'dep_old')).toBeDefined()
    })
  })
}
