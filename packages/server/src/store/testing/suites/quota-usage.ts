import { deploymentFacts, type PipelineSpec } from '@sallyport/core'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { Writer } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { deployment, ended } from '../examples/deployments.ts'
import { key, keyId } from '../examples/keys.ts'
import { pipeline, spec, version } from '../examples/pipelines.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'

/** A spec with these routes. */
function withRoutes(...paths: string[]): PipelineSpec {
  return { ...spec(), trigger: { ...spec().trigger, paths } }
}

/** Inserts some of everything that quotas limit. */
async function insertSome(tx: Writer): Promise<void> {
  await tx.pipelines.insert(pipeline('acme', 'pay'))
  await tx.pipelines.insertVersion(version('acme', 'pay', { source: 'é' }))
  await tx.deployments.insert(deployment('acme', 'dep_1', { spec: withRoutes('/a', '/b') }))
  await tx.deployments.insert(deployment('acme', 'dep_2', { pipeline: 'pay' }))
  await tx.deployments.insert(deployment('acme', 'dep_0', { endedAtMs: 1 }))
  await tx.consumers.insert(consumer('acme', 'con_1'))
  await tx.keys.insert(key('acme', keyId('acme1'), { consumer: 'con_1' }))
  await tx.keys.insert(key('acme', keyId('acme2')))
}

/** What quotas limit, and the narrow rows of live deployments. */
export function quotaUsageContract(database: () => Promise<TestDatabase>): void {
  describe('quota usage', () => {
    test('counts what an organization has, and nothing of a failed transaction', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await store.write((tx) => insertOrganization(tx, 'rival'))
      const before = await store.read.organizations.quotaUsage('acme')
      const failed = change(store, 'acme', async (tx) => {
        await insertSome(tx)
        throw new Error('half way')
      })
      await expect(failed).rejects.toThrow('half way')
      expect(await store.read.organizations.quotaUsage('acme')).toEqual(before)
      await change(store, 'acme', insertSome)
      const after = await store.read.organizations.quotaUsage('acme')
      expect(after).toEqual({
        keys: before.keys + 2,
        consumers: before.consumers + 1,
        pipelines: before.pipelines + 1,
        versions: before.versions + 1,
        versionBytes: before.versionBytes + '"é"'.length + 1 + Buffer.byteLength(JSON.stringify(spec())),
        deployments: before.deployments + 2,
        routes: before.routes + 3,
      })
      expect(await store.read.organizations.quotaUsage('rival')).toEqual(before)
      await change(store, 'acme', async (tx) => {
        await tx.keys.update(key('acme', keyId('acme1'), { consumer: 'con_1', deletedAtMs: 7 }))
        await tx.keys.update(key('acme', keyId('acme2'), { active: false }))
        await tx.consumers.remove('acme', 'con_1')
        await tx.deployments.end('acme', 'dep_1', ended(7))
        await tx.deployments.end('acme', 'dep_2', ended(7))
        await tx.pipelines.remove('acme', 'pay', 9)
      })
      expect(await store.read.organizations.quotaUsage('acme')).toEqual({ ...before, keys: before.keys + 1 })
    })

    test('costs no more for 100,000 keys than for one', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const read = async (): Promise<number> => {
        const startedAtMs = performance.now()
        for (let round = 0; round < 200; round += 1) await store.read.organizations.quotaUsage('acme')
        return (performance.now() - startedAtMs) / 200
      }
      const fewMs = await read()
      await using backend = await db.backend()
      await backend.writer.transaction().execute(async (tx) => {
        await sql`insert into keys (organization, id, name, type, roles_json, active, created_at, created_by,
          address_rules_json, rate_limits_json)
          with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 100000)
          select 'acme', 'bulk_' || n, 'x', 'secret', '[]', 1, n, 'x', '[]', '[]' from numbers`.execute(tx)
      })
      const before = await store.read.organizations.quotaUsage('acme')
      const insertedAtMs = performance.now()
      await change(store, 'acme', (tx) => tx.keys.insert(key('acme', keyId('acme1'))))
      const insertMs = performance.now() - insertedAtMs
      expect((await store.read.organizations.quotaUsage('acme')).keys).toBe(before.keys + 1)
      const manyMs = await read()
      console.log(
        `quota usage: ${fewMs.toFixed(3)} ms, with 100,000 keys ${manyMs.toFixed(3)} ms; one key more ${insertMs.toFixed(1)} ms`,
      )
    })

    test('live deployments are read without their specs, and only while they live', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const large = { ...spec(), steps: [{ ...spec().steps[0], body: 'x'.repeat(250_000) }] } as never
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insertVersion(version('acme', 'orders', { major: 2 }))
        await tx.deployments.insert(deployment('acme', 'dep_2', { spec: large, createdAtMs: 2 }))
        await tx.deployments.insert(deployment('acme', 'dep_1', { major: 2, createdAtMs: 1 }))
        await tx.deployments.insert(deployment('acme', 'dep_3', { environment: 'prod' }))
      })
      const { deployments } = store.read
      const subjects = await deployments.liveSubjects('acme', 'test')
      expect(subjects.map(({ id, major, minor }) => [id, major, minor])).toEqual([
        ['dep_1', 2, 0],
        ['dep_2', 1, 0],
      ])
      expect(subjects[0]?.subject).toEqual({
        trigger: { kind: 'rest', authentication: spec().trigger.authentication, login: false },
        stepKinds: ['respond'],
      })
      expect((await deployments.liveRoutes('acme', 'test')).map(({ routes }) => routes)).toEqual(
        subjects.map(() => deploymentFacts(spec()).routes),
      )
      const page = await deployments.listSubjects('acme', 'test', { limit: 1 })
      expect(page.items).toEqual(subjects.slice(0, 1))
      expect(page.next).not.toBeNull()
      await change(store, 'acme', (tx) => tx.deployments.end('acme', 'dep_1', ended(7)))
      expect((await deployments.liveSubjects('acme', 'test')).map(({ id }) => id)).toEqual(['dep_2'])
    })
  })
}
