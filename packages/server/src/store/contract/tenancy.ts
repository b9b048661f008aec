import { describe, expect, test } from 'vitest'
import {
  EVERYTHING,
  type TestDatabase,
  change,
  consumer,
  deployment,
  ended,
  found,
  key,
  keyId,
  policy,
} from './fixtures.ts'
import { refusalOf } from './problem-codes.ts'

/** Two organizations whose things have the same names: neither sees or touches the other's. */
export function tenancyContract(database: () => Promise<TestDatabase>): void {
  async function twoTenants() {
    const db = await database()
    const store = await db.open()
    for (const [owner, name] of [
      ['acme', '1'],
      ['globex', '2'],
    ] as const) {
      await store.write((tx) => found(tx, owner))
      await change(store, owner, async (tx) => {
        await tx.policies.insert(policy(owner))
        await tx.deployments.insert(deployment(owner, 'dep_1', { createdBy: owner }))
        await tx.consumers.insert(
          consumer(owner, 'con_1', { description: owner, pipelines: owner === 'acme' ? ['orders'] : [] }),
        )
        await tx.keys.insert(key(owner, keyId(name), { consumer: 'con_1' }))
      })
    }
    return {
      store,
      async [Symbol.asyncDispose]() {
        await store[Symbol.asyncDispose]()
        await db[Symbol.asyncDispose]()
      },
    }
  }

  describe('organizations are apart', () => {
    test('in everything that is read', async () => {
      await using tenants = await twoTenants()
      const { read } = tenants.store
      for (const owner of ['acme', 'globex']) {
        const lists = [
          await read.environments.list(owner, EVERYTHING),
          await read.projects.list(owner, EVERYTHING),
          await read.pipelines.list(owner, EVERYTHING),
          await read.pipelines.listVersions(owner, 'orders', EVERYTHING),
          await read.deployments.list(owner, EVERYTHING),
          await read.consumers.list(owner, EVERYTHING),
          await read.keys.list(owner, EVERYTHING),
          await read.audit.list(owner, EVERYTHING),
        ]
        const owners = lists.flatMap(({ items }) => items.map((item) => item.organization))
        expect(new Set(owners)).toEqual(new Set([owner]))
        expect(await read.deployments.allLive(owner, 'test')).toMatchObject([{ createdBy: owner }])
        expect(await read.consumers.get(owner, 'con_1')).toMatchObject({ description: owner })
        expect(await read.projects.countPipelines(owner, 'default')).toBe(1)
        expect(await read.keys.allOfConsumer(owner, 'con_1')).toHaveLength(1)
      }
      expect(await read.keys.get('acme', keyId('2'))).toBeUndefined()
      expect((await read.consumers.get('globex', 'con_1'))?.pipelines).toEqual([])
      expect((await read.consumers.get('acme', 'con_1'))?.pipelines).toEqual(['orders'])
    })

    test('in everything that is written', async () => {
      await using tenants = await twoTenants()
      const { store } = tenants
      const before = await store.read.keys.get('globex', keyId('2'))
      const foreign = key('acme', keyId('2'), { name: 'taken over' })
      expect(await refusalOf(change(store, 'acme', (tx) => tx.keys.update(foreign)))).toBe('not_found')
      expect(await refusalOf(change(store, 'acme', (tx) => tx.keys.insert(foreign)))).toBe('conflict')
      expect(
        await refusalOf(change(store, 'acme', (tx) => tx.keys.replaceSecrets('acme', keyId('2'), []))),
      ).toBe('not_found')
      expect(await store.read.keys.get('globex', keyId('2'))).toEqual(before)
      await change(store, 'acme', async (tx) => {
        await tx.deployments.end('acme', 'dep_1', ended(5))
        await tx.consumers.update(consumer('acme', 'con_1', { active: false }))
        await tx.pipelines.remove('acme', 'orders')
      })
      expect(await store.read.deployments.allLive('globex', 'test')).toHaveLength(1)
      expect(await store.read.consumers.get('globex', 'con_1')).toMatchObject({ active: true })
      expect(await store.read.pipelines.version('globex', 'orders', 1, 0)).toBeDefined()
    })
  })
}
