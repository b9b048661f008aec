import { describe, expect, test } from 'vitest'
import { EVERYTHING, type TestDatabase, change, deployment, ended, found, version } from './fixtures.ts'

/** What was live before, how it ended, and what came after it. */
export function deploymentHistoryContract(database: () => Promise<TestDatabase>): void {
  describe('the history of deployments', () => {
    test('says how each ended, and is listed by whether it did', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.deployments.insert(deployment('acme', 'dep_1', { createdAtMs: 1 }))
        await tx.deployments.end('acme', 'dep_1', ended(2, 'dep_2'))
        await tx.deployments.insert(deployment('acme', 'dep_2', { createdAtMs: 2 }))
        await tx.deployments.end('acme', 'dep_2', ended(3))
        await tx.deployments.insert(deployment('acme', 'dep_3', { createdAtMs: 4 }))
      })
      const get = (id: string) => store.read.deployments.get('acme', id)
      expect(await get('dep_1')).toEqual(
        deployment('acme', 'dep_1', { createdAtMs: 1, ...ended(2, 'dep_2') }),
      )
      expect(await get('dep_2')).toMatchObject({ endedAtMs: 3, endedBy: 'setup', replacedBy: null })
      expect(await get('dep_3')).toMatchObject({ endedAtMs: null, endedBy: null, replacedBy: null })
      const ids = async (state?: 'live' | 'ended' | 'all') =>
        (await store.read.deployments.list('acme', EVERYTHING, state && { state })).items.map(({ id }) => id)
      expect(await ids()).toEqual(['dep_3'])
      expect(await ids('live')).toEqual(['dep_3'])
      expect(await ids('ended')).toEqual(['dep_1', 'dep_2'])
      expect(await ids('all')).toEqual(['dep_1', 'dep_2', 'dep_3'])
    })

    test('knows what was live in a place before, also where all came within one millisecond', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      const at = { createdAtMs: 5 }
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insertVersion(version('acme', 'orders', { major: 2 }))
        await tx.deployments.insert(deployment('acme', 'dep_z', at))
        await tx.deployments.end('acme', 'dep_z', ended(5, 'dep_m'))
        await tx.deployments.insert(deployment('acme', 'dep_m', at))
        await tx.deployments.end('acme', 'dep_m', ended(5, 'dep_a'))
        await tx.deployments.insert(deployment('acme', 'dep_a', at))
        await tx.deployments.insert(deployment('acme', 'dep_other', { ...at, major: 2 }))
        await tx.deployments.insert(deployment('acme', 'dep_prod', { ...at, environment: 'prod' }))
      })
      const previous = async (id: string) => {
        const row = await store.read.deployments.get('acme', id)
        return row && (await store.read.deployments.previous(row))?.id
      }
      expect(await previous('dep_a')).toBe('dep_m')
      expect(await previous('dep_m')).toBe('dep_z')
      expect(await previous('dep_other')).toBeUndefined()
      expect(await previous('dep_prod')).toBeUndefined()
      await change(store, 'acme', async (tx) => {
        await tx.deployments.end('acme', 'dep_a', ended(7))
        await tx.deployments.insert(deployment('acme', 'dep_later', { createdAtMs: 9 }))
      })
      expect(await previous('dep_later')).toBe('dep_a')
    })
  })
}
