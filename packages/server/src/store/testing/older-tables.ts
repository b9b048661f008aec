import { describe, expect, test } from 'vitest'
import { MIGRATIONS, migrate } from '../migrations/migrate.ts'
import type { Backend } from '../sql/backend.ts'
import {
  EVERYTHING,
  FIRST_MS,
  type TestDatabase,
  change,
  consumer,
  deployment,
  ended,
  environment,
  key,
  keyId,
  organization,
  policy,
  readSnapshot,
  secret,
  spec,
  version,
} from './fixtures.ts'
import { basicCredential, environmentSecret, issuer, probe, run, signingKey } from './governance-fixtures.ts'

const MADE = { created_at: FIRST_MS, created_by: 'setup' }
const PLACE = { organization: 'acme', environment: 'test' }

/** What a process of that version left behind, in the tables as they were then. */
async function leftByTheFirst({ writer }: Backend): Promise<void> {
  await writer.transaction().execute(async (tx) => {
    const owner = { organization: 'acme' }
    await tx
      .insertInto('organizations')
      .values({ slug: 'acme', name: 'ACME', ordinal: 1, created_at: FIRST_MS })
      .execute()
    await tx
      .insertInto('environments')
      .values({ ...owner, name: 'test', position: 0, created_at: FIRST_MS })
      .execute()
    await tx
      .insertInto('policies')
      .values({ ...PLACE, ...MADE, version: 1, mode: 'any' })
      .execute()
    await tx
      .insertInto('projects')
      .values({ ...owner, name: 'default', description: null, created_at: FIRST_MS })
      .execute()
    await tx
      .insertInto('pipelines')
      .values({ ...owner, name: 'orders', project: 'default', created_at: FIRST_MS })
      .execute()
    const numbers = { ...owner, pipeline: 'orders', major: 1, minor: 0, spec_json: JSON.stringify(spec()) }
    const source = JSON.stringify(version('acme', 'orders').source)
    await tx
      .insertInto('pipeline_versions')
      .values({ ...numbers, ...MADE, source_json: source })
      .execute()
    await tx
      .insertInto('deployments')
      .values([
        { ...numbers, ...PLACE, ...MADE, id: 'dep_0', project: 'default', ended_at: FIRST_MS },
        { ...numbers, ...PLACE, ...MADE, id: 'dep_1', project: 'default', ended_at: null },
      ])
      .execute()
    await tx
      .insertInto('consumers')
      .values({ ...PLACE, ...MADE, id: 'con_1', name: 'name of con_1', description: null, active: 1 })
      .execute()
    await tx
      .insertInto('consumer_pipelines')
      .values({ ...owner, consumer: 'con_1', pipeline: 'orders' })
      .execute()
    await tx
      .insertInto('keys')
      .values({
        ...PLACE,
        ...MADE,
        id: keyId('1'),
        name: `name of ${keyId('1')}`,
        type: 'secret',
        consumer: 'con_1',
        roles_json: '[]',
        active: 1,
        expires_at: null,
        deleted_at: null,
        address_rules_json: '[]',
        rate_limits_json: '[]',
        public_tokens_json: null,
      })
      .execute()
    const { sequence, digest, hint } = secret(1)
    await tx
      .insertInto('secrets')
      .values({
        ...owner,
        key_id: keyId('1'),
        sequence,
        digest,
        hint,
        created_at: FIRST_MS,
        expires_at: null,
      })
      .execute()
    await tx
      .insertInto('changes')
      .values({ revision: 1, committed_at: FIRST_MS, records_json: '[]' })
      .execute()
  })
}

/** A store on a database in which only the first version has been. */
async function opened(database: () => Promise<TestDatabase>) {
  const db = await database()
  {
    await using backend = db.backend()
    await migrate(backend.writer, backend.columnTypes, () => 5, MIGRATIONS.slice(0, 1))
    await leftByTheFirst(backend)
  }
  const store = await db.open()
  return {
    store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
    },
  }
}

/** A database that an older version wrote: what is in it stays, and what came since works on it. */
export function olderTablesContract(database: () => Promise<TestDatabase>): void {
  describe('a database of the first version', () => {
    test('comes through with everything in it', async () => {
      await using older = await opened(database)
      const { read, feed } = older.store
      expect(await read.organizations.first()).toEqual(organization('acme'))
      expect(await read.environments.get('acme', 'test')).toEqual(environment('acme', 'test'))
      expect((await read.policies.list('acme', 'test', EVERYTHING)).items).toEqual([policy('acme')])
      expect(await read.pipelines.version('acme', 'orders', 1, 0)).toEqual(version('acme', 'orders'))
      const live = deployment('acme', 'dep_1')
      expect(await read.deployments.allLive('acme', 'test')).toEqual([live])
      expect(await read.deployments.previous(live)).toEqual({ ...live, id: 'dep_0', endedAtMs: FIRST_MS })
      expect(await read.consumers.get('acme', 'con_1')).toEqual(
        consumer('acme', 'con_1', { pipelines: ['orders'] }),
      )
      expect(await read.keys.find(keyId('1'))).toEqual(key('acme', keyId('1'), { consumer: 'con_1' }))
      expect(await feed.head()).toBe(1)
      const { records } = await readSnapshot(older.store)
      expect(records.map(({ kind }) => kind)).toEqual([
        'organization',
        'environment',
        'consumer',
        'key',
        'deployment',
      ])
      expect(await read.signingKeys.all('acme', 'test')).toEqual([])
    })

    test('takes what is new, and lets go of it with what was there before', async () => {
      await using older = await opened(database)
      const { store } = older
      const { revision } = await change(store, 'acme', async (tx) => {
        await tx.signingKeys.insert(signingKey('acme', 'sig_1'))
        await tx.issuers.insert(issuer('acme', 'iss_1'))
        await tx.environmentSecrets.insert(environmentSecret('acme', 'sec_1'))
        await tx.basicCredentials.insert(basicCredential('acme', 'bas_1'))
        await tx.probes.save(probe('acme', 'dep_1'))
      })
      expect(revision).toBe(2)
      expect(await store.claimRun(run('acme', FIRST_MS))).toBe(true)
      expect((await readSnapshot(store)).records).toHaveLength(9)
      await change(store, 'acme', async (tx) => {
        await tx.deployments.end('acme', 'dep_1', ended(FIRST_MS))
        await tx.keys.update(key('acme', keyId('1'), { consumer: 'con_1', deletedAtMs: FIRST_MS }))
        await tx.basicCredentials.removeAllOfConsumer('acme', 'con_1')
        await tx.consumers.remove('acme', 'con_1')
        await tx.environments.remove('acme', 'test')
        await tx.pipelines.remove('acme', 'orders')
      })
      const { records } = await readSnapshot(store)
      expect(records.map(({ kind }) => kind)).toEqual(['organization', 'key'])
      expect((await store.read.scheduleRuns.list('acme', 'test', 'orders', EVERYTHING)).items).toEqual([])
    })
  })
}
