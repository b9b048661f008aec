import { describe, expect, test } from 'vitest'
import type { Writer } from '../port/store.ts'
import {
  EVERYTHING,
  FIRST_MS,
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
import { basicCredential, environmentSecret, issuer, probe, run, signingKey } from './governance-fixtures.ts'
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
        await tx.signingKeys.insert(signingKey(owner, 'sig_1', { createdBy: owner }))
        await tx.issuers.insert(issuer(owner, 'iss_1', { createdBy: owner }))
        await tx.environmentSecrets.insert(
          environmentSecret(owner, 'sec_1', { name: 'TOKEN', updatedBy: owner }),
        )
        await tx.basicCredentials.insert(
          basicCredential(owner, 'bas_1', { username: 'app', createdBy: owner }),
        )
        await tx.probes.save(probe(owner, 'dep_1', { alarm: owner === 'acme' }))
      })
      await store.claimRun(run(owner, FIRST_MS))
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
          await read.policies.list(owner, 'test', EVERYTHING),
          await read.issuers.list(owner, 'test', EVERYTHING),
          await read.environmentSecrets.list(owner, 'test', EVERYTHING),
          await read.basicCredentials.listOfConsumer(owner, 'con_1', EVERYTHING),
          await read.scheduleRuns.list(owner, 'test', 'orders', EVERYTHING),
          await read.audit.list(owner, EVERYTHING),
        ]
        expect(lists.map(({ items }) => items.length)).not.toContain(0)
        const owners = lists.flatMap(({ items }) => items.map((item) => item.organization))
        expect(new Set(owners)).toEqual(new Set([owner]))
        expect(await read.deployments.allLive(owner, 'test')).toMatchObject([{ createdBy: owner }])
        expect(await read.consumers.get(owner, 'con_1')).toMatchObject({ description: owner })
        expect(await read.projects.countPipelines(owner, 'default')).toBe(1)
        expect(await read.keys.allOfConsumer(owner, 'con_1')).toHaveLength(1)
        expect(await read.signingKeys.all(owner, 'test')).toMatchObject([{ createdBy: owner }])
        expect(await read.issuers.get(owner, 'iss_1')).toMatchObject({ createdBy: owner })
        expect(await read.issuers.countOfEnvironment(owner, 'test')).toBe(1)
        expect(await read.environmentSecrets.get(owner, 'test', 'TOKEN')).toMatchObject({ updatedBy: owner })
        expect(await read.environmentSecrets.names(owner, 'test')).toEqual(['TOKEN'])
        expect(await read.basicCredentials.getByUsername(owner, 'test', 'app')).toMatchObject({
          createdBy: owner,
        })
        expect(await read.basicCredentials.countOfConsumer(owner, 'con_1')).toBe(1)
        expect(await read.probes.get(owner, 'dep_1')).toMatchObject({ alarm: owner === 'acme' })
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

    test('in everything that is written of an environment', async () => {
      await using tenants = await twoTenants()
      const { store } = tenants
      const ofGlobex = async () => [
        await store.read.signingKeys.all('globex', 'test'),
        await store.read.issuers.list('globex', 'test', EVERYTHING),
        await store.read.environmentSecrets.list('globex', 'test', EVERYTHING),
        await store.read.basicCredentials.listOfConsumer('globex', 'con_1', EVERYTHING),
        await store.read.probes.get('globex', 'dep_1'),
        await store.read.scheduleRuns.list('globex', 'test', 'orders', EVERYTHING),
      ]
      const before = await ofGlobex()
      await store.finishRun(run('acme', FIRST_MS, { finishedAtMs: 9, outcome: 'succeeded' }))
      await change(store, 'acme', async (tx) => {
        await tx.signingKeys.retire('acme', 'sig_1', 9)
        await tx.environmentSecrets.update(
          environmentSecret('acme', 'sec_1', { sealedValue: 'of another value' }),
        )
        await tx.probes.save(probe('acme', 'dep_1', { checkedAtMs: 9 }))
      })
      expect(await ofGlobex()).toEqual(before)
      await change(store, 'acme', async (tx) => {
        await tx.signingKeys.remove('acme', 'sig_1')
        await tx.issuers.remove('acme', 'iss_1')
        await tx.environmentSecrets.remove('acme', 'test', 'TOKEN')
        await tx.basicCredentials.remove('acme', 'bas_1')
        await tx.basicCredentials.removeAllOfConsumer('acme', 'con_1')
      })
      // What is now only in the other organization is there for nobody else.
      const refused: readonly ((tx: Writer) => Promise<void>)[] = [
        (tx) => tx.signingKeys.retire('acme', 'sig_1', 9),
        (tx) => tx.signingKeys.remove('acme', 'sig_1'),
        (tx) => tx.issuers.remove('acme', 'iss_1'),
        (tx) => tx.environmentSecrets.update(environmentSecret('acme', 'sec_1')),
        (tx) => tx.environmentSecrets.remove('acme', 'test', 'TOKEN'),
        (tx) => tx.basicCredentials.remove('acme', 'bas_1'),
      ]
      for (const work of refused) expect(await refusalOf(change(store, 'acme', work))).toBe('not_found')
      await change(store, 'acme', async (tx) => {
        await tx.deployments.end('acme', 'dep_1', ended(5))
        await tx.pipelines.remove('acme', 'orders')
        await tx.keys.update(key('acme', keyId('1'), { consumer: 'con_1', deletedAtMs: 5 }))
        await tx.consumers.remove('acme', 'con_1')
        await tx.environments.remove('acme', 'test')
      })
      expect(await ofGlobex()).toEqual(before)
    })
  })
}
