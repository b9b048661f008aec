import { describe, expect, test } from 'vitest'
import {
  EVERYTHING,
  type TestDatabase,
  change,
  deployment,
  ended,
  environment,
  consumer,
  found,
  key,
  keyId,
  organization,
  pipeline,
  policy,
  project,
} from './fixtures.ts'
import { environmentSecret, issuer, signingKey } from './governance-fixtures.ts'
import { problemOf, refusalOf } from './problem-codes.ts'

/** What gateways are told of something of `acme` that is gone. */
const gone = (of: string, id: string) => ({ kind: 'removed', of, organization: 'acme', id })

/** Organizations, environments, projects and policies. */
export function tenantThingsContract(database: () => Promise<TestDatabase>): void {
  describe('organizations', () => {
    test('are found by slug, and the first stays the first whatever the clock says', async () => {
      await using db = await database()
      await using store = await db.open()
      expect(await store.read.organizations.first()).toBeUndefined()
      await store.write((tx) => found(tx, 'acme', 2_000))
      await store.write((tx) => found(tx, 'globex', 1_000))
      expect(await store.read.organizations.get('globex')).toEqual(
        organization('globex', { createdAtMs: 1_000 }),
      )
      expect(await store.read.organizations.get('globe')).toBeUndefined()
      expect((await store.read.organizations.first())?.slug).toBe('acme')
      const { items } = await store.read.organizations.list(EVERYTHING)
      expect(items.map(({ slug }) => slug)).toEqual(['globex', 'acme'])
    })

    test('a slug is taken once; a name can be changed, of one that is there', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      const problem = await problemOf(store.write((tx) => found(tx, 'acme')))
      expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('slug')])
      const { revision } = await change(store, 'acme', (tx) => tx.organizations.rename('acme', 'Acme Ltd'))
      expect((await store.read.organizations.get('acme'))?.name).toBe('Acme Ltd')
      // Gateways know nothing of the name, so this is no new revision.
      expect(revision).toBe(1)
      expect(await refusalOf(change(store, 'acme', (tx) => tx.organizations.rename('acm', 'x')))).toBe(
        'not_found',
      )
    })
  })

  describe('environments', () => {
    test('are listed in order of promotion, and can be moved', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
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

    test('a name is taken once in an organization, and free in another', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      await store.write((tx) => found(tx, 'globex'))
      await change(store, 'acme', (tx) => tx.environments.insert(environment('acme', 'stage')))
      await change(store, 'globex', (tx) => tx.environments.insert(environment('globex', 'stage')))
      expect(
        await refusalOf(change(store, 'acme', (tx) => tx.environments.insert(environment('acme', 'stage')))),
      ).toBe('conflict')
      expect(
        await refusalOf(
          change(store, 'acme', (tx) => tx.environments.insert(environment('nobody', 'stage'))),
        ),
      ).toBe('conflict')
    })

    test('one in use stays; an unused one goes with its policies and ended deployments', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
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
      // The tombstone stays, and refers to nothing that is gone.
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

    test('one goes with what belongs to it alone, and gateways are told of each thing before it', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
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
            gone('signing-key', 'sig_test'),
            gone('issuer', 'iss_test'),
            gone('environment-secret', 'sec_a_test'),
            gone('environment-secret', 'sec_b_test'),
            gone('environment', 'test'),
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

  describe('policies', () => {
    test('the highest version is in force; a version is written once', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      expect(await store.read.policies.current('acme', 'test')).toBeUndefined()
      const strict = policy('acme', { version: 2, mode: 'api-key' })
      await change(store, 'acme', async (tx) => {
        await tx.policies.insert(strict)
        await tx.policies.insert(policy('acme', { version: 1 }))
        expect(await tx.policies.current('acme', 'test')).toEqual(strict)
      })
      expect(await store.read.policies.current('acme', 'test')).toEqual(strict)
      expect(await store.read.policies.current('acme', 'prod')).toBeUndefined()
      const { items } = await store.read.policies.list('acme', 'test', EVERYTHING)
      expect(items).toEqual([strict, policy('acme', { version: 1 })])
      expect((await store.read.policies.list('acme', 'prod', EVERYTHING)).items).toEqual([])
      expect(await refusalOf(store.write((tx) => tx.policies.insert(strict)))).toBe('conflict')
      expect(
        await refusalOf(store.write((tx) => tx.policies.insert({ ...strict, environment: 'tes' }))),
      ).toBe('conflict')
    })
  })

  describe('projects', () => {
    test('are described, counted, and removed once empty', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      await store.write((tx) => tx.projects.insert(project('acme', 'shop', { description: 'Shop' })))
      await store.write((tx) => tx.projects.describe('acme', 'shop', null))
      expect(await store.read.projects.get('acme', 'shop')).toEqual(project('acme', 'shop'))
      expect(await store.read.projects.countPipelines('acme', 'shop')).toBe(0)
      await store.write((tx) => tx.pipelines.insert(pipeline('acme', 'pay', { project: 'shop' })))
      expect(await store.read.projects.countPipelines('acme', 'shop')).toBe(1)
      expect(await refusalOf(store.write((tx) => tx.projects.remove('acme', 'shop')))).toBe('conflict')
      await change(store, 'acme', (tx) => tx.pipelines.remove('acme', 'pay'))
      await store.write((tx) => tx.projects.remove('acme', 'shop'))
      expect(await store.read.projects.get('acme', 'shop')).toBeUndefined()
      expect(await refusalOf(store.write((tx) => tx.projects.remove('acme', 'shop')))).toBe('not_found')
      expect(await refusalOf(store.write((tx) => tx.projects.describe('acme', 'shop', 'x')))).toBe(
        'not_found',
      )
      expect(await refusalOf(store.write((tx) => tx.projects.insert(project('acme', 'default'))))).toBe(
        'conflict',
      )
    })
  })
}
