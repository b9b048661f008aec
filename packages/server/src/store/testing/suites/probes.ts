import { describe, expect, test } from 'vitest'
import { change } from '../examples/audit-events.ts'
import { deployment } from '../examples/deployments.ts'
import { FIRST_MS } from '../examples/example.ts'
import { pipeline, version } from '../examples/pipelines.ts'
import { probe } from '../examples/probes.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** Probes of deployments. */
export function probesContract(database: () => Promise<TestDatabase>): void {
  describe('a probe', () => {
    test('replaces an earlier probe of the deployment, and creates no revision', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', (tx) => tx.deployments.insert(deployment('acme', 'dep_1')))
      const head = await store.feed.head()
      expect(await store.read.probes.get('acme', 'dep_1')).toBeUndefined()
      await store.write((tx) => tx.probes.save(probe('acme', 'dep_1')))
      expect(await store.read.probes.get('acme', 'dep_1')).toEqual(probe('acme', 'dep_1'))
      const alarm = probe('acme', 'dep_1', {
        checkedAtMs: FIRST_MS + 1,
        results: [
          { method: 'GET', route: '/ö/:id', outcome: 'allow', alarm: true },
          { method: 'POST', route: '/ö/:id', outcome: 'method_not_allowed', alarm: false },
        ],
        alarm: true,
      })
      const { revision } = await store.write((tx) => tx.probes.save(alarm))
      expect(await store.read.probes.get('acme', 'dep_1')).toEqual(alarm)
      expect(revision).toBe(head)
      expect(await refusalOf(store.write((tx) => tx.probes.save(probe('acme', 'dep_2'))))).toBe('conflict')
    })

    test('is removed with the environment of its deployment, and stays without its pipeline', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insert(pipeline('acme', 'pay'))
        await tx.pipelines.insertVersion(version('acme', 'pay'))
        for (const [id, more] of [
          ['dep_prod', { environment: 'prod' }],
          ['dep_pay', { pipeline: 'pay' }],
          ['dep_stays', {}],
        ] as const) {
          await tx.deployments.insert(deployment('acme', id, { ...more, endedAtMs: 5 }))
          await tx.probes.save(probe('acme', id))
        }
        await tx.environments.remove('acme', 'prod')
        await tx.pipelines.remove('acme', 'pay', 9)
      })
      const { probes } = store.read
      expect(await probes.get('acme', 'dep_prod')).toBeUndefined()
      for (const id of ['dep_pay', 'dep_stays']) {
        expect(await probes.get('acme', id)).toEqual(probe('acme', id))
      }
    })
  })
}
