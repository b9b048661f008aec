import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../../test/services/postgres.ts'
import { migrate } from '../migrations/migrate.ts'
import type { Migration } from '../migrations/definition/migration.ts'
import { openStore } from '../open.ts'
import { openPostgres } from './open.ts'
import type { Store } from '../port/store.ts'
import { change } from '../testing/examples/audit-events.ts'
import { consumer } from '../testing/examples/consumers.ts'
import { run } from '../testing/examples/schedule-runs.ts'
import { changesOf, EVERYTHING, insertOrganization } from '../testing/fixtures.ts'
import { problemOf, refusalOf } from '../testing/problem-codes.ts'
import { storeContract } from '../testing/suites/store-contract.ts'
import { contractDatabases, databaseAt, type PostgresDatabase } from './testing/postgres-database.ts'

storeContract('PostgreSQL', contractDatabases(openTestDatabase))

async function newDatabase(): Promise<PostgresDatabase> {
  return databaseAt(await openTestDatabase())
}

/** A separate connection, to inspect the server. */
async function connectTo(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

/** Queries until the condition holds. The test's time limit bounds the wait. */
async function until(client: pg.Client, condition: string): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ met: boolean }>(`select (${condition}) as met`)
    if (rows[0]?.met === true) return
  }
}

const A_WRITER_WAITS = `exists (select 1 from pg_locks where locktype = 'advisory' and not granted
  and database = (select oid from pg_database where datname = current_database()))`

const A_ROW_LOCK_WAITS = `exists (select 1 from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'transactionid')`

describe('migrations on PostgreSQL', () => {
  test('have as much time as they need, also if the server limits statements', async () => {
    await using db = await newDatabase()
    await using admin = await connectTo(db.url)
    await admin.query(
      `alter role current_user in database ${new URL(db.url).pathname.slice(1)} set statement_timeout = '1s'`,
    )
    await using backend = openPostgres(db.url)
    const seen: unknown[] = []
    const slow: Migration = {
      number: 1,
      name: 'slow',
      async up(tx) {
        const limits = sql`select current_setting('statement_timeout') as statements, pg_sleep(1.1)`
        seen.push(...(await limits.execute(tx)).rows)
      },
    }
    await migrate(backend.migrator, backend.columnTypes, () => 1, [slow])
    expect(seen).toEqual([{ statements: '0', pg_sleep: '' }])
  })
})

describe('writers on PostgreSQL', () => {
  test('wait for the write lock before they take a revision', async () => {
    await using db = await newDatabase()
    await using first = await db.open()
    await using second = await db.open()
    await using watcher = await connectTo(db.url)
    await first.write((tx) => insertOrganization(tx, 'acme'))
    const entered = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const slow = change(first, 'acme', async (tx) => {
      await tx.consumers.insert(consumer('acme', 'slow'))
      entered.resolve()
      await mayCommit.promise
    })
    await entered.promise
    const quick = change(second, 'acme', (tx) => tx.consumers.insert(consumer('acme', 'quick')))
    await until(watcher, A_WRITER_WAITS)
    // If the second writer already had a revision, a reader could skip the first one's.
    expect(await changesOf(second, 1)).toEqual([])
    mayCommit.resolve()
    expect([(await slow).revision, (await quick).revision]).toEqual([2, 3])
    expect(await changesOf(first, 1)).toMatchObject([
      { revision: 2, records: [{ id: 'slow' }] },
      { revision: 3, records: [{ id: 'quick' }] },
    ])
  })

  test('see what was committed while they waited for the lock', async () => {
    await using db = await newDatabase()
    await using first = await db.open()
    await using second = await db.open()
    await using watcher = await connectTo(db.url)
    await first.write((tx) => insertOrganization(tx, 'acme'))
    const entered = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const slow = change(first, 'acme', async (tx) => {
      await tx.consumers.insert(consumer('acme', 'con_1', { name: 'app' }))
      entered.resolve()
      await mayCommit.promise
    })
    await entered.promise
    const late = second.write((tx) => tx.consumers.getByName('acme', 'test', 'app'))
    await until(watcher, A_WRITER_WAITS)
    mayCommit.resolve()
    await slow
    expect((await late).value).toMatchObject({ id: 'con_1' })
  })
})

describe('runs of schedules on PostgreSQL', () => {
  const dueTimes = async (store: Store) =>
    (await store.read.scheduleRuns.list('acme', 'test', 'orders', EVERYTHING)).items.map(
      ({ dueAtMs }) => dueAtMs,
    )

  test('are claimed and finished while a writer holds the write lock', async () => {
    await using db = await newDatabase()
    await using store = await db.open()
    await using other = await db.open()
    await store.write((tx) => insertOrganization(tx, 'acme'))
    await change(store, 'acme', async (tx) => {
      await tx.consumers.insert(consumer('acme', 'con_1'))
      expect([await store.claimRun(run('acme', 1)), await other.claimRun(run('acme', 1))]).toEqual([
        true,
        false,
      ])
      await other.finishRun(run('acme', 1, { finishedAtMs: 2, outcome: 'succeeded' }))
    })
    expect(await dueTimes(store)).toEqual([1])
  })

  test('wait for a concurrent removal of their pipeline, and are then refused', async () => {
    await using db = await newDatabase()
    await using store = await db.open()
    await using other = await db.open()
    await using watcher = await connectTo(db.url)
    await store.write((tx) => insertOrganization(tx, 'acme'))
    const entered = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const removal = change(store, 'acme', async (tx) => {
      await tx.pipelines.remove('acme', 'orders', 9)
      entered.resolve()
      await mayCommit.promise
    })
    await entered.promise
    const claim = other.claimRun(run('acme', 1))
    await until(watcher, A_ROW_LOCK_WAITS)
    mayCommit.resolve()
    await removal
    expect(await claim).toBe(false)
    expect(await dueTimes(store)).toEqual([])
  })
})

describe('a store on PostgreSQL', () => {
  test('wakes for changes of other processes, even after its connection was cut', async () => {
    await using db = await newDatabase()
    await using store = await db.open()
    await using other = await db.open()
    await using watcher = await connectTo(db.url)
    let next = Promise.withResolvers<void>()
    const woken = async () => {
      await next.promise
      next = Promise.withResolvers<void>()
    }
    const end = store.feed.onChange(() => next.resolve())
    // Starting to listen wakes too, because an announcement may have been missed.
    await woken()
    await other.write((tx) => insertOrganization(tx, 'acme'))
    await woken()
    await watcher.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like 'listen %'`)
    await woken()
    await change(other, 'acme', (tx) => tx.consumers.insert(consumer('acme', 'con_1')))
    await woken()
    end()
  })

  test('whose connections are cut fails the running write as unavailable, then recovers', async () => {
    await using db = await newDatabase()
    await using store = await db.open()
    await using watcher = await connectTo(db.url)
    await store.write((tx) => insertOrganization(tx, 'acme'))
    const failed = await problemOf(
      change(store, 'acme', async (tx) => {
        await tx.consumers.insert(consumer('acme', 'con_1'))
        await watcher.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`)
        await tx.consumers.insert(consumer('acme', 'con_2'))
      }),
    )
    expect(failed.code).toBe('unavailable')
    expect(await store.read.consumers.get('acme', 'con_1')).toBeUndefined()
    const { revision } = await change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', 'con_1')))
    expect(revision).toBe(2)
  })

  test('that cannot be reached or lacks the database is unavailable', async () => {
    await using db = await newDatabase()
    const closedPort = new URL(db.url)
    closedPort.port = '1'
    const missingDatabase = new URL(db.url)
    missingDatabase.pathname = '/no_such_database'
    for (const url of [closedPort.href, missingDatabase.href]) {
      expect(await refusalOf(openStore({ kind: 'postgres', url, nowMs: Date.now }))).toBe('unavailable')
    }
  })

  test('orders all indexed text by its bytes', async () => {
    await using db = await newDatabase()
    await using store = await db.open()
    await store.ping()
    await using watcher = await connectTo(db.url)
    const { rows } = await watcher.query(`
      select indrelid::regclass as "table", attname as "column"
      from pg_index join pg_attribute on attrelid = indrelid and attnum = any (indkey)
        join pg_class on pg_class.oid = indrelid
      where relnamespace = 'public'::regnamespace and attcollation <> 0
        and attcollation <> (select oid from pg_collation where collname = 'C')`)
    expect(rows).toEqual([])
  })

  test('does not change the driver for other users of it', async () => {
    await using db = await newDatabase()
    await using store = await db.open()
    expect(await store.feed.head()).toBe(0)
    await using watcher = await connectTo(db.url)
    const { rows } = await watcher.query('select 1::int8 as one')
    expect(rows).toEqual([{ one: '1' }])
  })
})
