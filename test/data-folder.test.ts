import { randomBytes } from 'node:crypto'
import { readdir, rename, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { openTestDatabase } from './services/postgres.ts'
import { setUpAcme } from './support/api-client.ts'
import { failedStartOutput } from './support/failed-start.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

describe('a SQLite data folder', () => {
  test('is used by one process: a second start names the first, and a killed process leaves no lock', async () => {
    await using folder = await temporaryFolder()
    const settings = { SALLYPORT_DATA: folder.path }
    const first = await startServerProcess(settings)
    await using _ = first
    await setUpAcme(first)
    const refused = await failedStartOutput(settings)
    expect(refused).toContain(`in use by process ${first.pid} on ${hostname()}, since 2`)
    expect(refused).toContain(folder.path)
    expect((await fetch(`${first.controlUrl}/readyz`)).status).toBe(200)
    await first.stop('SIGKILL')
    await using second = await startServerProcess(settings)
    expect((await fetch(`${second.controlUrl}/readyz`)).status).toBe(200)
    for (const name of await readdir(folder.path)) {
      expect([name, (await stat(join(folder.path, name))).mode & 0o077]).toEqual([name, 0])
    }
  })
})

const newKey = (): string => randomBytes(32).toString('base64')

describe('the master key', () => {
  test('is not replaced when its file is lost: the start stops and says what to restore', async () => {
    await using folder = await temporaryFolder()
    const settings = { SALLYPORT_DATA: folder.path }
    const file = join(folder.path, 'master.key')
    {
      await using server = await startServerProcess(settings)
      await setUpAcme(server)
    }
    await rename(file, `${file}.backup`)
    const lost = await failedStartOutput(settings)
    expect(lost).toContain(`The master key ${file} is missing`)
    expect(lost).toContain('Restore the file')
    expect(await readdir(folder.path)).not.toContain('master.key')
    const different = await failedStartOutput({ ...settings, SALLYPORT_MASTER_KEY: newKey() })
    expect(different).toContain('SALLYPORT_MASTER_KEY is not the master key')
    await rename(`${file}.backup`, file)
    await using again = await startServerProcess(settings)
    expect((await fetch(`${again.controlUrl}/readyz`)).status).toBe(200)
  })

  test('is checked on a database without a check value against what is sealed in it', async () => {
    await using folder = await temporaryFolder()
    const settings = { SALLYPORT_DATA: folder.path }
    const file = join(folder.path, 'master.key')
    {
      await using server = await startServerProcess(settings)
      await setUpAcme(server)
    }
    // As a version without check values left it.
    const forget = (): void => {
      const database = new DatabaseSync(join(folder.path, 'sallyport.db'))
      database.exec('delete from master_key_checks')
      database.close()
    }
    forget()
    expect(await failedStartOutput({ ...settings, SALLYPORT_MASTER_KEY: newKey() })).toContain(
      'not the master key',
    )
    await rename(file, `${file}.backup`)
    expect(await failedStartOutput(settings)).toContain('is missing')
    await rename(`${file}.backup`, file)
    {
      await using server = await startServerProcess(settings)
      expect((await fetch(`${server.controlUrl}/readyz`)).status).toBe(200)
    }
    const database = new DatabaseSync(join(folder.path, 'sallyport.db'))
    expect(database.prepare('select count(*) as checks from master_key_checks').get()).toEqual({ checks: 1 })
    database.close()
  })

  test('must be the same for every process on one PostgreSQL database', async () => {
    await using database = await openTestDatabase()
    await using folder = await temporaryFolder()
    await using otherFolder = await temporaryFolder()
    const shared = { SALLYPORT_DATABASE_URL: database.url }
    const key = newKey()
    await using _ = await startServerProcess({
      ...shared,
      SALLYPORT_DATA: folder.path,
      SALLYPORT_MASTER_KEY: key,
    })
    const other = { ...shared, SALLYPORT_DATA: otherFolder.path }
    expect(await failedStartOutput({ ...other, SALLYPORT_MASTER_KEY: newKey() })).toContain(
      'not the master key',
    )
    expect(await failedStartOutput(other)).toContain('is missing')
    await using second = await startServerProcess({ ...other, SALLYPORT_MASTER_KEY: key })
    expect((await fetch(`${second.controlUrl}/readyz`)).status).toBe(200)
  })
})
