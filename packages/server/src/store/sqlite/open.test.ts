import { mkdirSync, mkdtempSync, statSync } from 'node:fs'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { openStore } from '../open.ts'
import { sqlStore } from '../sql/store.ts'
import { keyId } from '../testing/examples/keys.ts'
import { usageRow } from '../testing/examples/usage.ts'
import type { TestDatabase } from '../testing/fixtures.ts'
import { createMigratedFile } from '../testing/migrated-file.ts'
import { problemOf, refusalOf } from '../testing/problem-codes.ts'
import { entitiesContract } from '../testing/suites/entities-contract.ts'
import { storeContract } from '../testing/suites/store-contract.ts'
import { openSqlite } from './open.ts'

interface SqliteFile extends TestDatabase {
  readonly folder: string
  readonly file: string
}

async function newFile(): Promise<SqliteFile> {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-store-'))
  const folder = join(root, 'data')
  const file = join(folder, 'sallyport.db')
  return {
    folder,
    file,
    open: (nowMs = Date.now, writeMsMax) => openStore({ kind: 'sqlite', file, nowMs, writeMsMax }),
    backend: () => openSqlite(file),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

async function newMigratedFile(): Promise<SqliteFile> {
  const db = await newFile()
  mkdirSync(db.folder, { mode: 0o700 })
  await createMigratedFile(db.file)
  return db
}

entitiesContract('SQLite', newMigratedFile)
storeContract('SQLite', newFile)

const USAGE = usageRow({ keyId: keyId('unknown') })

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe('a SQLite file', () => {
  test('and its folder can be accessed only by their owner', async () => {
    await using db = await newFile()
    {
      await using store = await db.open()
      await store.ping()
      expect(modeOf(db.folder)).toBe('700')
      for (const suffix of ['', '-wal', '-shm']) expect(modeOf(db.file + suffix)).toBe('600')
    }
    await chmod(db.file, 0o644)
    await using again = await db.open()
    await again.ping()
    expect(modeOf(db.file)).toBe('600')
  })

  test('uses a write-ahead log', async () => {
    await using db = await newFile()
    await using store = await db.open()
    await store.ping()
    const inspector = new DatabaseSync(db.file, { readOnly: true })
    expect(inspector.prepare('pragma journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
    inspector.close()
  })

  test('is unavailable while another process holds the write lock too long', async () => {
    await using db = await newFile()
    await using store = await sqlStore(await openSqlite(db.file, 50), { nowMs: Date.now })
    const other = new DatabaseSync(db.file)
    other.exec('begin immediate')
    // Reads continue meanwhile.
    await store.ping()
    expect(await store.feed.head()).toBe(0)
    expect(await refusalOf(store.write(async () => undefined))).toBe('unavailable')
    other.exec('rollback')
    other.close()
    expect((await store.write(async () => 'done')).value).toBe('done')
  })

  test('keeps the deadlines of writes and of counters apart', async () => {
    await using db = await newFile()
    await using store = await sqlStore(await openSqlite(db.file), { nowMs: Date.now, writeMsMax: 200 })
    const other = new DatabaseSync(db.file)
    other.exec('begin immediate')
    // Both counters arrive first. One waits for the lock of the other process, the other one for the first.
    const counted = Promise.all([store.addUsage([USAGE]), store.pruneRuns(0)])
    const late = Array.from({ length: 5 }, () => refusalOf(store.write(async () => undefined)))
    expect(new Set(await Promise.all(late))).toEqual(new Set(['unavailable']))
    other.exec('rollback')
    other.close()
    await counted
    expect((await store.write(async () => 'done')).value).toBe('done')
  })

  test('says of a late write that it was not done, although a counter was committed before it', async () => {
    await using db = await newFile()
    await using store = await sqlStore(await openSqlite(db.file), { nowMs: Date.now, writeMsMax: 1_000 })
    const other = new DatabaseSync(db.file)
    other.exec('begin immediate')
    const counted = store.addUsage([USAGE])
    const never = Promise.withResolvers<void>()
    const late = problemOf(store.write(() => never.promise))
    other.exec('rollback')
    other.close()
    await counted
    expect((await late).message).toContain('was not done')
  })

  test('that is not a database cannot be opened', async () => {
    await using db = await newFile()
    const open = (file: string) => openStore({ kind: 'sqlite', file, nowMs: Date.now })
    {
      await using store = await db.open()
      await store.ping()
    }
    await expect(open(db.folder)).rejects.toThrow('EISDIR')
    const text = join(db.folder, 'text')
    await writeFile(text, 'not a database, but long enough to be looked at as one '.repeat(100))
    const problem = await problemOf(open(text))
    expect(problem.code).toBe('unavailable')
    expect(String(problem.cause)).toContain('not a database')
  })
})
