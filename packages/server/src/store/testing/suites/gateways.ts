import { describe, expect, test } from 'vitest'
import type { GatewayRow } from '../../port/gateways.ts'
import { insertOrganization, readSnapshot, type TestDatabase } from '../fixtures.ts'

function gateway(id: string, more: Partial<GatewayRow> = {}): Omit<GatewayRow, 'renewal'> {
  return {
    id,
    role: 'gateway',
    process: `process ${id}`,
    revision: 0,
    hash: '',
    leaseMs: 50,
    seenAtMs: 7,
    ...more,
  }
}

/** The register of gateways. */
export function gatewaysContract(database: () => Promise<TestDatabase>): void {
  describe('the register of gateways', () => {
    test('has each gateway with its newest report, and tells it how many others there are', async () => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      await store.gateways.register(gateway('gw_b'))
      expect(await store.gateways.all()).toEqual([{ ...gateway('gw_b'), renewal: 1, isOnHistory: true }])
      await other.gateways.register(gateway('gw_a'))
      const report = { id: 'gw_b', revision: 3, hash: 'three', leaseMs: 60, seenAtMs: 8 }
      expect(await store.gateways.renew(report)).toBe(1)
      expect(await other.gateways.all()).toEqual([
        { ...gateway('gw_a'), renewal: 1, isOnHistory: true },
        { ...gateway('gw_b'), ...report, renewal: 2, isOnHistory: false },
      ])
      await other.gateways.end('gw_a')
      expect(await store.gateways.all()).toMatchObject([{ id: 'gw_a', leaseMs: 0 }, { id: 'gw_b' }])
      expect(await store.gateways.renew(report)).toBe(0)
    })

    test('knows whether the position of a gateway belongs to the history of the database', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const { revision, hash } = await readSnapshot(store)
      await store.gateways.register(gateway('gw_a', { revision, hash }))
      await store.gateways.register(gateway('gw_b', { revision, hash: 'of another history' }))
      await store.gateways.register(gateway('gw_c', { revision: revision + 1, hash }))
      expect((await store.gateways.all()).map(({ isOnHistory }) => isOnHistory)).toEqual([true, false, false])
    })

    test('removes a gateway only if it has not renewed its lease since, and it cannot renew it then', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.gateways.register(gateway('gw_a'))
      const report = { id: 'gw_a', revision: 0, hash: '', leaseMs: 50, seenAtMs: 8 }
      await store.gateways.renew(report)
      expect(await store.gateways.remove('gw_a', 1)).toBe(false)
      expect(await store.gateways.remove('gw_a', 2)).toBe(true)
      expect(await store.gateways.remove('gw_a', 2)).toBe(false)
      expect(await store.gateways.renew(report)).toBeUndefined()
      expect(await store.gateways.all()).toEqual([])
      await store.gateways.register(gateway('gw_a'))
      expect(await store.gateways.renew(report)).toBe(0)
    })

    test('lets a renewal and a removal of the same renewal exclude each other', async () => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      for (let round = 0; round < 30; round += 1) {
        const id = `gw_${round}`
        await store.gateways.register(gateway(id))
        const [others, isRemoved] = await Promise.all([
          store.gateways.renew({ id, revision: 0, hash: '', leaseMs: 50, seenAtMs: 8 }),
          other.gateways.remove(id, 1),
        ])
        expect(others === undefined).toBe(isRemoved)
        await store.gateways.remove(id, 2)
      }
    })
  })
}
