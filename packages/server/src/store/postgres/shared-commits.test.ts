import type { KeyId } from '@sallyport/core'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { startPostgres } from '../../../../../test/services/postgres-server.ts'
import { openTestDatabase } from '../../../../../test/services/postgres.ts'
import { startStatementRelay } from '../../../../../test/support/statement-relay.ts'
import { verifyAuditChain } from '../audit/audit-chain.ts'
import type { Store, Writer } from '../port/store.ts'
import { entry } from '../testing/examples/audit-events.ts'
import { consumer } from '../testing/examples/consumers.ts'
import { key, keyId, secret } from '../testing/examples/keys.ts'
import { usageRow } from '../testing/examples/usage.ts'
import { changesOf, EVERYTHING, insertOrganization } from '../testing/fixtures.ts'
import { problemOf, refusalOf } from '../testing/problem-codes.ts'
import { databaseAt } from './testing/postgres-database.ts'

/** Inserts a consumer in a write that shares its transaction with others that wait. */
async function insert(store: Store, id: string): Promise<number> {
  const { revision } = await store.write(
    async (tx) => {
      await tx.consumers.insert(consumer('acme', id))
      tx.audit(entry('acme'))
    },
    { organization: 'acme', actor: 'key_1' },
  )
  return revision
}

async function outcomeOf(write: Promise<unknown>): Promise<string> {
  const result = await Promise.allSettled([write])
  return result[0].status === 'fulfilled' ? 'done' : await refusalOf(write)
}

async function idsOf(store: Store): Promise<readonly string[]> {
  const rows = []
  let cursor: string | undefined
  do {
    const page = await store.read.consumers.list('acme', { ...EVERYTHING, cursor })
    rows.push(...page.items)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return rows.map(({ id }) => id)
}

/** Checks that revisions and the audit log have neither a gap nor a repetition. */
async function expectIntact(store: Store): Promise<void> {
  const revisions = (await changesOf(store, 0)).map(({ revision }) => revision)
  expect(revisions).toEqual(revisions.map((_, index) => index + 1))
  const { items } = await store.read.audit.list('acme', EVERYTHING)
  expect(verifyAuditChain(items)).toBeUndefined()
  expect(items).toHaveLength(revisions.length)
}

describe('writes that share a commit on PostgreSQL', () => {
  test('are all unavailable when its answer is lost, although they are done, and the next one goes on', async () => {
    await using database = await openTestDatabase()
    await using relay = await startStatementRelay(database.url)
    await using store = await databaseAt({ ...database, url: relay.url }).open()
    await store.write((tx) => insertOrganization(tx, 'acme'))
    const gate = Promise.withResolvers<void>()
    const held = store.write(() => gate.promise)
    const all = ['con_1', 'con_2', 'con_3'].map((id) => outcomeOf(insert(store, id)))
    gate.resolve()
    await held
    relay.loseNextCommit()
    const [first, ...others] = await Promise.all(all)
    expect(first).toBe('unavailable')
    // On a busy machine, the last ones may come too late to share the commit.
    for (const other of others) expect(['unavailable', 'done']).toContain(other)
    expect(await insert(store, 'con_4')).toBe(5)
    expect(await idsOf(store)).toEqual(['con_1', 'con_2', 'con_3', 'con_4'])
    await expectIntact(store)
  })

  test('say that they may have been done when its answer is lost, and only then', async () => {
    await using database = await openTestDatabase()
    await using relay = await startStatementRelay(database.url)
    await using store = await databaseAt({ ...database, url: relay.url }).open()
    await using admin = await connect(database.url)
    await store.write((tx) => insertOrganization(tx, 'acme'))
    relay.loseNextCommit()
    expect((await problemOf(insert(store, 'con_1'))).message).toContain('may have been done')
    const cut = store.write(async (tx) => {
      await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`)
      await tx.consumers.insert(consumer('acme', 'con_2'))
    })
    const { code, message } = await problemOf(cut)
    expect([code, message.includes('may have been done')]).toEqual(['unavailable', false])
    expect(await idsOf(store)).toEqual(['con_1'])
  })

  test('are refused when a statement fails that its write did not wait for', async () => {
    await using database = await openTestDatabase()
    await using store = await databaseAt(database).open()
    await using admin = await connect(database.url)
    const owner = { organization: 'acme', actor: 'key_1' }
    const save = async (tx: Writer, name: string): Promise<void> => {
      const row = { scope: 'acme', key: name, requestDigest: '', sealedResult: '', createdAtMs: 1 }
      await tx.idempotency.save(row)
    }
    await admin.query("begin; insert into idempotent_answers values ('acme', 'taken', '', '', 1)")
    const gate = Promise.withResolvers<void>()
    const held = store.write(() => gate.promise)
    const first = store.write((tx) => save(tx, 'first'), owner)
    const careless = store.write(async (tx) => {
      save(tx, 'taken').catch(() => undefined)
      // Until the statement is sent, and not until it is answered.
      for (let turn = 0; turn < 100; turn += 1) await Promise.resolve()
    }, owner)
    gate.resolve()
    await held
    await expect
      .poll(async () => (await admin.query('select 1 from pg_locks where not granted')).rowCount)
      .toBe(1)
    await admin.query('commit')
    const results = await Promise.allSettled([first, careless])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    for (const result of results)
      expect((result as PromiseRejectedResult).reason).not.toMatchObject({
        message: expect.stringContaining('may have been done') as string,
      })
    expect(await store.read.idempotency.find('acme', 'first')).toBeUndefined()
  })

  test('are all unavailable when the connection is lost before it, and none is done', async () => {
    await using database = await openTestDatabase()
    await using store = await databaseAt(database).open()
    await store.write((tx) => insertOrganization(tx, 'acme'))
    await using admin = await connect(database.url)
    const gate = Promise.withResolvers<void>()
    const held = store.write(() => gate.promise)
    const first = refusalOf(insert(store, 'con_1'))
    const cut = refusalOf(
      store.write(
        async (tx) => {
          await tx.consumers.insert(consumer('acme', 'con_2'))
          await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()`)
          await tx.consumers.insert(consumer('acme', 'con_3'))
        },
        { organization: 'acme', actor: 'key_1' },
      ),
    )
    gate.resolve()
    await held
    expect(await Promise.all([first, cut])).toEqual(['unavailable', 'unavailable'])
    expect(await insert(store, 'con_4')).toBe(2)
    expect(await idsOf(store)).toEqual(['con_4'])
    await expectIntact(store)
  })

  test.each(['secret_usage', 'secret_sources'])(
    'that end rolls in any order wait for a flush of usage that holds %s, which goes on',
    async (table) => {
      await using database = await openTestDatabase()
      await using store = await databaseAt(database).open()
      await using flush = await connect(database.url)
      const ids = [keyId('a'), keyId('b')] as const
      const source = { address: '192.0.2.1', userAgent: 'client/1', requests: 1, lastUsedAtMs: 5 }
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await store.write(async (tx) => {
        for (const id of ids) await tx.keys.insert(key('acme', id, { secrets: [secret(1), secret(2)] }))
        tx.audit(entry('acme'))
      })
      await store.addUsage(ids.map((id) => usageRow({ keyId: id, secretSequence: 1, sources: [source] })))
      const use = (id: string): Promise<unknown> =>
        flush.query(`update ${table} set requests = requests where key_id = $1`, [id])
      const finish = async (id: KeyId): Promise<unknown> =>
        await store.write(
          async (tx) => {
            await tx.keys.replaceSecrets('acme', id, [secret(2)])
            tx.audit(entry('acme'))
          },
          { organization: 'acme', actor: 'key_1' },
        )
      await flush.query('begin')
      await use(ids[0])
      const gate = Promise.withResolvers<void>()
      const held = store.write(() => gate.promise)
      const ended = [finish(ids[1]), finish(ids[0])]
      gate.resolve()
      await held
      await expect
        .poll(async () => (await flush.query('select 1 from pg_locks where not granted')).rowCount)
        .toBe(1)
      await use(ids[1])
      await flush.query('commit')
      await Promise.all(ended)
      const secrets = await Promise.all(
        ids.map(async (id) => (await store.read.keys.get('acme', id))?.secrets),
      )
      expect(secrets.map((each) => each?.map(({ sequence }) => sequence))).toEqual([[2], [2]])
      const { rows } = await flush.query('select 1 from secret_usage union all select 1 from secret_sources')
      expect(rows).toEqual([])
    },
  )

  test('survive a kill of the database once they are answered', { timeout: 120_000 }, async () => {
    await using server = await startPostgres({ durable: true })
    const answered: string[] = []
    {
      await using store = await databaseAt({ ...server, url: server.url }).open(Date.now, 2_000)
      await store.write((tx) => insertOrganization(tx, 'acme'))
      let killed: Promise<void> | undefined
      const writers = Array.from({ length: 20 }, async (_, writer) => {
        for (let round = 0; killed === undefined; round += 1) {
          const id = `con_${writer}_${round}`
          try {
            await insert(store, id)
            answered.push(id)
            if (answered.length === 60) killed = server.stop('SIGKILL')
          } catch {
            // Whether a write that was not answered is done is not known.
          }
        }
      })
      await Promise.all(writers)
      await killed
    }
    await server.start()
    await using again = await databaseAt({ ...server, url: server.url }).open()
    const stored = new Set(await idsOf(again))
    expect(answered.filter((id) => !stored.has(id))).toEqual([])
    await expectIntact(again)
    await insert(again, 'con_after')
    await expectIntact(again)
  })
})

async function connect(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

describe('prepared statements on PostgreSQL', () => {
  test('survive a migration by another process: no read and no write fails', async () => {
    await using database = await openTestDatabase()
    await using store = await databaseAt(database).open()
    await store.write((tx) => insertOrganization(tx, 'acme'))
    await using admin = await connect(database.url)
    const changeRow = async (id: string, description: string): Promise<void> => {
      await store.write(async (tx) => {
        const row = await tx.consumers.get('acme', id)
        if (row !== undefined) await tx.consumers.update({ ...row, description })
        tx.audit(entry('acme'))
      })
    }
    await insert(store, 'con_1')
    for (const description of ['one', 'two']) await changeRow('con_1', description)
    for (let read = 0; read < 3; read += 1) await store.read.consumers.get('acme', 'con_1')
    await admin.query(
      "begin; alter table consumers add column later text; insert into migrations values (9999, 'later', 1); commit",
    )
    expect((await store.read.consumers.get('acme', 'con_1'))?.description).toBe('two')
    await changeRow('con_1', 'three')
    await changeRow('con_1', 'four')
    expect((await store.read.consumers.get('acme', 'con_1'))?.description).toBe('four')
    await expectIntact(store)
  })

  test('of a table that changed without a migration fail one write at most, which is not done', async () => {
    await using database = await openTestDatabase()
    await using store = await databaseAt(database).open()
    await store.write((tx) => insertOrganization(tx, 'acme'))
    await using admin = await connect(database.url)
    const read = async () => (await store.write((tx) => tx.consumers.get('acme', 'con_1'))).value?.id
    await insert(store, 'con_1')
    for (let round = 0; round < 3; round += 1) expect(await read()).toBe('con_1')
    await admin.query('alter table consumers add column later text')
    expect(await refusalOf(read())).toBe('unavailable')
    expect(await read()).toBe('con_1')
    await expectIntact(store)
  })
})
