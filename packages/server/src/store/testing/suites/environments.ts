import { describe, expect, test } from 'vitest'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { deployment, ended } from '../examples/deployments.ts'
import { environment } from '../examples/environments.ts'
import { issuer } from '../examples/issuers.ts'
import { key, keyId } from '../examples/keys.ts'
import { policy } from '../examples/policies.ts'
import { environmentSecret } from '../examples/secrets.ts'
import { signingKey } from '../examples/signing-keys.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** The feed record of a removed row of `acme`. */
const removed = (of: string, id: string) => ({ kind: 'removed', of, organization: 'acme', id })

/** Environments. */
export function environmentsContract(database: () => Promise<TestDatabase>): void {
  describe('environments', () => {
    test('are listed in promotion order, and can be moved', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', (tx) => tx.environments.move('acme', 'test', 2))
      const { items } = await store.read.environments.list('acme', EVERYTHING)
      expect(items.map(({ name, position }) => [name, position])).toEqual([
        ['prod', 1],
        ['test', 2],
      ])
      expect(await refusalOf(change(store, 'acme', (tx) => tx.environments.move('acme', 'tes', 0)))).toBe(
        'not_found',
      )
    })

    test('have a name that is unique in their organization', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await store.write((tx) => insertOrganization(tx, 'globex'))
      await change(store, 'acme', (tx) => tx.environments.insert(environment('acme', 'stage')))
      await change(store, 'globex', (tx) => tx.environments.insert(environment('globex', 'stage')))
      expect(
        await refusalOf(change(store, 'acme', (tx) => tx.environments.insert(environment('acme', 'stage')))),
      ).toBe('conflict')
      expect(
        await refusalOf(
          change(store, 'acme', (tx) => tx.environments.insert(environment('unknown', 'stage'))),
        ),
      ).toBe('conflict')
    })

    test('are removed with their policies and ended deployments, but not while in use', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.policies.insert(policy('acme'))
        await tx.deployments.insert(deployment('acme', 'dep_1'))
        await tx.consumers.insert(consumer('acme', 'con_1'))
        await tx.keys.insert(key('acme', keyId('1'), { consumer: 'con_1' }))
      })
      const removal = () => change(store, 'acme', (tx) => tx.environments.remove('acme', 'test'))
      expect(await refusalOf(removal())).toBe('conflict')
      await change(store, 'acme', (tx) => tx.deployments.end('acme', 'dep_1', ended(5)))
      expect(await refusalOf(removal())).toBe('conflict')
      await change(store, 'acme', async (tx) => {
        await tx.keys.update(key('acme', keyId('1'), { consumer: 'con_1', deletedAtMs: 6 }))
        await tx.consumers.remove('acme', 'con_1')
      })
      const { revision } = await removal()
      expect(await store.read.environments.get('acme', 'test')).toBeUndefined()
      expect(await store.read.policies.current('acme', 'test')).toBeUndefined()
      expect(await store.read.deployments.get('acme', 'dep_1')).toBeUndefined()
      // The tombstone stays, without a reference to a removed row.
      expect(await store.read.keys.get('acme', keyId('1'))).toMatchObject({
        environment: null,
        consumer: null,
        deletedAtMs: 6,
      })
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        {
          records: [
            { kind: 'key', id: keyId('1'), environment: null, deleted: true },
            { kind: 'removed', of: 'environment', organization: 'acme', id: 'test' },
          ],
        },
      ])
      expect(await refusalOf(removal())).toBe('not_found')
    })

    test('are removed with what belongs to them alone, and after it in the change', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        for (const place of ['test', 'prod']) {
          const at = { environment: place }
          await tx.policies.insert(policy('acme', at))
          await tx.signingKeys.insert(signingKey('acme', `sig_${place}`, at))
          await tx.issuers.insert(issuer('acme', `iss_${place}`, at))
          for (const id of ['b', 'a']) {
            await tx.environmentSecrets.insert(environmentSecret('acme', `sec_${id}_${place}`, at))
          }
        }
      })
      const { revision } = await change(store, 'acme', (tx) => tx.environments.remove('acme', 'test'))
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        {
          records: [
            removed('signing-key', 'sig_test'),
            removed('issuer', 'iss_test'),
            removed('environment-secret', 'sec_a_test'),
            removed('environment-secret', 'sec_b_test'),
            removed('environment', 'test'),
          ],
        },
      ])
      expect(await store.read.signingKeys.all('acme', 'test')).toEqual([])
      expect(await store.read.issuers.countOfEnvironment('acme', 'test')).toBe(0)
      expect(await store.read.environmentSecrets.names('acme', 'test')).toEqual([])
      expect((await store.read.policies.list('acme', 'test', EVERYTHING)).items).toEqual([])
      expect(await store.read.signingKeys.all('acme', 'prod')).toHaveLength(1)
      expect(await store.read.issuers.countOfEnvironment('acme', 'prod')).toBe(1)
      expect(await store.read.environmentSecrets.names('acme', 'prod')).toHaveLength(2)
      expect((await store.read.policies.list('acme', 'prod', EVERYTHING)).items).toHaveLength(1)
    })
  })
}
