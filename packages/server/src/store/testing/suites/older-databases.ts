import { OWNER_MAILS_DEFAULT } from '@sallyport/core'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { migrate, MIGRATIONS } from '../../migrations/migrate.ts'
import type { Backend } from '../../sql/backend.ts'
import { EXAMPLES, FEED_KINDS, seedOf } from '../examples.ts'
import { change, entry } from '../examples/audit-events.ts'
import { ended } from '../examples/deployments.ts'
import { environment } from '../examples/environments.ts'
import { FIRST_MS, type StoredRow } from '../examples/example.ts'
import { key, keyId, storedKey } from '../examples/keys.ts'
import { organization } from '../examples/organizations.ts'
import { pipeline, storedPipeline, storedVersion, version } from '../examples/pipelines.ts'
import { changesOf, EVERYTHING, readSnapshot, type TestDatabase } from '../fixtures.ts'

const SEED = seedOf('acme', 0)
const OWNED = { organization: 'acme', created_at: FIRST_MS }

/** What `insertOrganization` creates, in the tables of the first migration, and the change that it makes. */
const ORGANIZATION_ROWS: readonly StoredRow[] = [
  ['organizations', { slug: 'acme', name: 'ACME', ordinal: 1, created_at: FIRST_MS }],
  ['environments', { ...OWNED, name: 'test', position: 0 }],
  ['environments', { ...OWNED, name: 'prod', position: 1 }],
  ['projects', { ...OWNED, name: 'default', description: null }],
  storedPipeline(pipeline('acme', 'orders')),
  storedVersion(version('acme', 'orders')),
  ['changes', { revision: 1, committed_at: FIRST_MS, records_json: '[]' }],
]

async function insertRows({ writer }: Backend, rows: readonly StoredRow[]): Promise<void> {
  await writer.transaction().execute(async (tx) => {
    for (const [table, columns] of rows) {
      const names = Object.keys(columns).map((column) => sql.ref(column))
      const values = Object.values(columns)
      await sql`insert into ${sql.table(table)} (${sql.join(names)}) values (${sql.join(values)})`.execute(tx)
    }
  })
}

/** The examples whose tables exist after the migration with this number. */
const examplesAt = (lastMigration: number) =>
  Object.entries(EXAMPLES).filter(([, { since }]) => since <= lastMigration)

/** The audit record of an organization that was created. */
const created = (log: string, slug: string, actor: string): StoredRow => [
  'audit_events',
  {
    organization: log,
    sequence: 1,
    happened_at: FIRST_MS,
    actor,
    action: 'organizations.create',
    target: `organization/${slug}`,
    before_json: 'null',
    after_json: 'null',
    previous_hash: '',
    hash: '',
  },
]

/** A store on a database that an older version created and wrote to, whose last migration had this number. */
async function openOlder(
  database: () => Promise<TestDatabase>,
  lastMigration: number,
  more: readonly StoredRow[] = [],
) {
  const db = await database()
  {
    await using backend = await db.backend()
    const known = MIGRATIONS.filter(({ number }) => number <= lastMigration)
    await migrate(backend.migrator, backend.columnTypes, () => 5, known)
    const rows = examplesAt(lastMigration).flatMap(([, { stored }]) => stored(SEED))
    await insertRows(backend, [...ORGANIZATION_ROWS, ...rows, ...more])
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

/** Databases of older versions: their rows stay, and everything that was added since works on them. */
export function olderDatabasesContract(database: () => Promise<TestDatabase>): void {
  describe('a database of an older version', () => {
    test.for(MIGRATIONS)('keeps its rows and accepts new ones: migration $number', async ({ number }) => {
      await using older = await openOlder(database, number)
      const { store } = older
      expect(await store.feed.head()).toBe(1)
      const [first] = await changesOf(store, 0)
      expect(await store.feed.changesAfter(1, 10, first?.hash)).toEqual([])
      const old = examplesAt(number)
      for (const [name, { get, row }] of old) {
        expect([name, await get(store.read, SEED)]).toEqual([name, row(SEED)])
      }
      const keptKinds = old.flatMap(([, { feedKind }]) => feedKind ?? [])
      const kinds = async () => [...new Set((await readSnapshot(store)).records.map(({ kind }) => kind))]
      expect(await kinds()).toEqual(keptKinds)
      for (const [name, { get, row, insert, since }] of Object.entries(EXAMPLES)) {
        if (since <= number) continue
        expect([name, await get(store.read, SEED)]).toEqual([name, undefined])
        await insert(store, SEED)
        expect([name, await get(store.read, SEED)]).toEqual([name, row(SEED)])
      }
      expect(await kinds()).toEqual(FEED_KINDS)
      // The same rows in a second round, now written by this version.
      const next = seedOf('acme', 1)
      for (const [name, { get, row, insert }] of Object.entries(EXAMPLES)) {
        await insert(store, next)
        expect([name, await get(store.read, next)]).toEqual([name, row(next)])
      }
    })

    test('keeps its first organization, and the deployment before a live one', async () => {
      await using older = await openOlder(database, 1)
      const { read } = older.store
      expect(await read.organizations.first()).toEqual(organization('acme'))
      expect(await read.environments.get('acme', 'test')).toEqual(environment('acme', 'test'))
      const [live] = await read.deployments.allLive('acme', 'test')
      expect(live).toEqual(EXAMPLES.deployments.row(SEED))
      expect(live && (await read.deployments.previous(live))).toEqual({
        ...live,
        id: 'ended id_0',
        endedAtMs: FIRST_MS,
      })
      expect(await read.signingKeys.all('acme', 'test')).toEqual([])
      expect((await read.roles.holders('acme', 'owner', 10)).map(({ id }) => id)).toEqual([keyId('acmeo0')])
      expect((await read.deployments.liveSubjects('acme', 'test')).map(({ id }) => id)).toEqual([live?.id])
      const candidacy = { pipeline: 'other', major: 1, claims: ['route /orders/:'] }
      const related = await read.deployments.related('acme', 'test', candidacy)
      expect(related.map(({ id }) => id)).toEqual([live?.id])
      expect(await read.organizations.quotaUsage('acme')).toMatchObject({
        keys: (await read.keys.list('acme', EVERYTHING)).items.length,
        consumers: 1,
        pipelines: 2,
        deployments: 1,
        routes: 1,
      })
    })

    test('knows who created its organizations', async () => {
      await using db = await database()
      const slugs = ['acme', 'by-key', 'by-person']
      {
        await using backend = await db.backend()
        await migrate(backend.migrator, backend.columnTypes, () => 5, MIGRATIONS.slice(0, 9))
        await insertRows(backend, [
          ...slugs.map((slug, index): StoredRow => [
            'organizations',
            { slug, name: slug, ordinal: index + 1, created_at: FIRST_MS },
          ]),
          ['people', { id: 'mem_1', email: 'ann@example.com', name: 'Ann', created_at: FIRST_MS }],
          // The first organization has a record of every other one.
          created('acme', 'by-person', 'mem_1'),
          created('by-key', 'by-key', keyId('acme0')),
          created('by-person', 'by-person', 'mem_1'),
        ])
      }
      await using store = await db.open()
      const founders = slugs.map(async (slug) => (await store.read.organizations.get(slug))?.founder)
      expect(await Promise.all(founders)).toEqual([null, null, 'mem_1'])
      expect(await store.read.organizations.countFounded('mem_1')).toBe(1)
    })

    test('says that it does not know how it deployed, and of which removed consumers deleted keys were', async () => {
      // Its consumer was removed.
      const detached = key('acme', keyId('detached'), { deletedAtMs: FIRST_MS, secrets: [] })
      await using older = await openOlder(database, 18, [storedKey(detached)])
      const { store } = older
      const { deployments, keys } = store.read
      await change(store, 'acme', async (tx) => {
        await tx.deployments.end('acme', 'id_0', ended(FIRST_MS))
        await tx.pipelines.remove('acme', 'id_0', FIRST_MS + 1)
        await tx.keys.update(key('acme', keyId('acme0'), { consumer: 'id_0', deletedAtMs: FIRST_MS }))
        await tx.basicCredentials.removeAllOfConsumer('acme', 'id_0')
        await tx.consumers.remove('acme', 'id_0')
      })
      const kept = { origin: null, from: null, pipelineRemovedAtMs: FIRST_MS + 1 }
      expect(await deployments.get('acme', 'id_0')).toMatchObject(kept)
      expect(await deployments.get('acme', 'ended id_0')).toMatchObject(kept)
      expect(await keys.get('acme', keyId('acme0'))).toMatchObject({ consumer: 'id_0' })
      expect(await keys.get('acme', detached.id)).toEqual(detached)
      expect(await keys.consumerNames('acme', [keyId('acme0'), detached.id])).toEqual(
        new Map([[keyId('acme0'), 'name of id_0']]),
      )
    })

    test('mails its owners what is new to them, and nothing of its past', async () => {
      await using older = await openOlder(database, 27)
      const { ownerMailQueues, read } = older.store
      expect((await read.organizations.get('acme'))?.ownerMails).toEqual(OWNER_MAILS_DEFAULT)
      expect(await ownerMailQueues.due(FIRST_MS, 0, 5)).toEqual([])
      await older.store.write(async (tx) => tx.audit(entry('acme', { action: 'keys.expired' })))
      expect(await ownerMailQueues.due(FIRST_MS, 0, 5)).toEqual([
        { organization: 'acme', position: 1, wakes: 1 },
      ])
    })

    test('finds who has a role among its keys, however many there are', async () => {
      await using db = await database()
      const roles = ['owner', 'invoker']
      const keys = Array.from({ length: 501 }, (_, index) =>
        key('acme', keyId(`n${1000 + index}`), { roles }),
      )
      const deleted = key('acme', keyId('n2000'), { roles, deletedAtMs: FIRST_MS })
      {
        await using backend = await db.backend()
        await migrate(backend.migrator, backend.columnTypes, () => 5, MIGRATIONS.slice(0, 6))
        await insertRows(backend, [...ORGANIZATION_ROWS, ...keys.map(storedKey), storedKey(deleted)])
      }
      await using store = await db.open()
      const { read } = store
      for (const role of roles) {
        const holders = await read.roles.holders('acme', role, 1_000)
        expect(holders).toEqual(keys.map(({ id, name }) => ({ kind: 'key', id, name })))
      }
      expect(await read.roles.countHolders('acme', 'auditor')).toBe(0)
      const visible = { member: [], key: [{ environment: 'test' }], 'external-key': [] }
      expect(await read.roles.countHolders('acme', 'owner', visible)).toBe(501)
    })

    test('removes new rows with the old ones that they belong to', async () => {
      await using older = await openOlder(database, 1)
      const { store } = older
      for (const { insert, since } of Object.values(EXAMPLES)) if (since > 1) await insert(store, SEED)
      await change(store, 'acme', async (tx) => {
        await tx.deployments.end('acme', 'id_0', ended(FIRST_MS))
        await tx.keys.update(key('acme', keyId('acme0'), { consumer: 'id_0', deletedAtMs: FIRST_MS }))
        await tx.basicCredentials.removeAllOfConsumer('acme', 'id_0')
        await tx.consumers.remove('acme', 'id_0')
        await tx.environments.remove('acme', 'test')
        await tx.pipelines.remove('acme', 'orders', 9)
        await tx.externalKeys.remove('acme', 'id_0')
        await tx.roles.remove('acme', 'id_0')
      })
      const { records } = await readSnapshot(store)
      expect(new Set(records.map(({ kind }) => kind))).toEqual(
        new Set(['organization', 'environment', 'key-age', 'key']),
      )
      expect(records.filter(({ kind }) => kind === 'environment')).toEqual([
        { kind: 'environment', organization: 'acme', name: 'id_0' },
        { kind: 'environment', organization: 'acme', name: 'prod' },
      ])
      expect((await store.read.scheduleRuns.list('acme', 'test', 'orders', EVERYTHING)).items).toEqual([])
    })
  })
}
