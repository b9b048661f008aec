import { once } from 'node:events'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from './services/postgres.ts'
import { isRoot } from './services/programs.ts'
import { failedStart } from './support/failed-start.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

const PASSWORD = 'a-secret-password'

const shared = new AsyncDisposableStack()
let folder: string
let database: TestDatabase
/** Accepts connections and never responds. */
let silent: Server
let silentPort: string

beforeAll(async () => {
  folder = shared.use(await temporaryFolder()).path
  database = shared.use(await openTestDatabase())
  silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  silentPort = String((silent.address() as AddressInfo).port)
  shared.defer(() => void silent.close())
})
afterAll(() => shared.disposeAsync())

/** The URL of the test database with some parts replaced. */
function databaseUrl(parts: Partial<Pick<URL, 'username' | 'password' | 'pathname' | 'port'>>): string {
  return Object.assign(new URL(database.url), parts).href
}

/** Starts a server that must fail, and returns the lines about its settings, without the indentation. */
async function problems(settings: Readonly<Record<string, string>>, code = 1): Promise<string[]> {
  const failed = await failedStart({ SALLYPORT_DATA: folder, ...settings })
  expect(failed).toMatchObject({ code, stdout: '' })
  expect(failed.stderr).not.toContain(PASSWORD)
  const [first, ...rest] = failed.stderr.trimEnd().split('\n')
  expect(first).toMatch(/^Sallyport cannot start/)
  return rest.map((line) => line.trim())
}

describe('A start on PostgreSQL fails with the setting, the database and the cause:', () => {
  test('no server at the port', async () => {
    const [line] = await problems({ SALLYPORT_DATABASE_URL: `postgres://me:${PASSWORD}@127.0.0.1:1/mine` })
    expect(line).toMatch(/^SALLYPORT_DATABASE_URL: No PostgreSQL accepts connections at 127\.0\.0\.1:1 /)
    expect(line).toContain(
      'Start it, or correct host and port. The database is postgres://me@127.0.0.1:1/mine.',
    )
  })

  test('an unknown host', async () => {
    const [line] = await problems({
      SALLYPORT_DATABASE_URL: `postgres://me:${PASSWORD}@nowhere.invalid/mine`,
    })
    expect(line).toMatch(/^SALLYPORT_DATABASE_URL: The host name in nowhere\.invalid:5432 has no address\./)
  })

  test('a server that does not respond', async () => {
    const url = `postgres://me:${PASSWORD}@127.0.0.1:${silentPort}/mine`
    const [line] = await problems({ SALLYPORT_DATABASE_URL: url })
    expect(line).toContain(`PostgreSQL at 127.0.0.1:${silentPort} did not respond in time.`)
  })

  test('a wrong password', async () => {
    const [line] = await problems({ SALLYPORT_DATABASE_URL: databaseUrl({ password: PASSWORD }) })
    expect(line).toMatch(/refuses the password of user "sallyport"\. Correct it\./)
  })

  test('no password', async () => {
    const [line] = await problems({ SALLYPORT_DATABASE_URL: databaseUrl({ password: '' }) })
    expect(line).toContain('asks for the password of user "sallyport", and the URL has none. Add it.')
  })

  test('a database that does not exist', async () => {
    const [line] = await problems({ SALLYPORT_DATABASE_URL: databaseUrl({ pathname: '/missing' }) })
    expect(line).toContain('has no database "missing". Create it (createdb missing), or correct the name.')
  })

  test('a user without permissions, and tables of another program', async () => {
    const client = new Client({ connectionString: database.url })
    await client.connect()
    try {
      const name = new URL(database.url).pathname.slice(1)
      const user = `guest_${name}`
      await client.query(`CREATE ROLE ${user} LOGIN PASSWORD '${PASSWORD}'`)
      try {
        const [line] = await problems({
          SALLYPORT_DATABASE_URL: databaseUrl({ username: user, password: PASSWORD }),
        })
        expect(line).toContain(`User "${user}" lacks a permission in the database "${name}"`)
        expect(line).toContain(`ALTER DATABASE ${name} OWNER TO ${user}`)
      } finally {
        await client.query(`DROP ROLE ${user}`)
      }
      await client.query('CREATE TABLE migrations (id text)')
      const [line] = await problems({ SALLYPORT_DATABASE_URL: database.url })
      expect(line).toContain(`The database "${name}" has tables of another program`)
      await client.query('DROP TABLE migrations')
    } finally {
      await client.end()
    }
  })

  test('a newer schema', async () => {
    await using own = await openTestDatabase()
    await using data = await temporaryFolder()
    const settings = { SALLYPORT_DATA: data.path, SALLYPORT_DATABASE_URL: own.url }
    await using server = await startServerProcess(settings)
    expect(await server.stop('SIGTERM')).toBe(0)
    const client = new Client({ connectionString: own.url })
    await client.connect()
    await client.query(`INSERT INTO migrations VALUES (999, 'from the future', 0)`)
    await client.end()
    const [line] = await problems(settings)
    expect(line).toMatch(/^SALLYPORT_DATABASE_URL: .* migration 999 .* Start the version that wrote it/)
  })
})

describe('A start fails with the port:', () => {
  test('in use by another process, for both ports at once', async () => {
    const lines = await problems({ SALLYPORT_PORT: silentPort, SALLYPORT_GATEWAY_HOST: '203.0.113.7' })
    expect(lines).toEqual([
      `SALLYPORT_PORT: Port ${silentPort} on 127.0.0.1 is in use by another process, possibly another Sallyport. ` +
        'Stop that process, or set a free port.',
      'SALLYPORT_GATEWAY_HOST: This machine does not have the address 203.0.113.7. ' +
        'Set one of its addresses, or 0.0.0.0 for all of its IPv4 addresses.',
    ])
    expect(await problems({ SALLYPORT_GATEWAY_PORT: silentPort })).toEqual([
      expect.stringMatching(`^SALLYPORT_GATEWAY_PORT: Port ${silentPort} on 127.0.0.1 is in use`),
    ])
  })

  test('a host name without an address', async () => {
    const [line] = await problems({ SALLYPORT_HOST: 'nowhere.invalid' })
    expect(line).toMatch(/^SALLYPORT_HOST: The host name nowhere\.invalid has no address/)
  })
})

describe('A start fails with the data folder:', () => {
  async function withFile(name: string, make: (path: string) => Promise<void> | void): Promise<string> {
    const path = join(folder, name)
    await mkdir(path)
    await make(join(path, 'sallyport.db'))
    return path
  }

  test('a file instead of a folder', async () => {
    const path = join(folder, 'a-file')
    await writeFile(path, '')
    expect(await problems({ SALLYPORT_DATA: path })).toEqual([
      `SALLYPORT_DATA: ${path} is not a folder. Use a folder that this user can write to.`,
    ])
    const [line] = await problems({ SALLYPORT_DATA: join(path, 'below') })
    expect(line).toMatch(/a part of the path is not a folder \(ENOTDIR\)/)
  })

  test('a folder that cannot be written to', async () => {
    const path = isRoot() ? '/sys' : join(folder, 'read-only')
    if (!isRoot()) {
      await mkdir(path)
      await chmod(path, 0o500)
    }
    const [line] = await problems({ SALLYPORT_DATA: path })
    expect(line).toMatch(
      /^SALLYPORT_DATA: The folder \S+ cannot be written to: permission denied \(EACCES\)\./,
    )
  })

  test.each(['/proc/nope', '/proc/nope/deeper', '/proc/self/nope'])(
    '%s, where nothing can be created',
    async (path) => {
      const [line] = await problems({ SALLYPORT_DATA: path })
      expect(line).toContain(
        `The folder ${path} cannot be created or opened: nothing can be created at this path`,
      )
    },
  )

  test('a symbolic link that leads to itself', async () => {
    const path = join(folder, 'loop')
    await symlink(path, path)
    const [line] = await problems({ SALLYPORT_DATA: path })
    expect(line).toContain('a symbolic link leads to itself (ELOOP)')
  })

  test('a file that is not a database', async () => {
    const path = await withFile('garbage', (file) => writeFile(file, 'This is no database. '.repeat(100)))
    const [line] = await problems({ SALLYPORT_DATA: path })
    expect(line).toMatch(
      /^SALLYPORT_DATA: \S+sallyport\.db is not a SQLite database\. Restore it from a backup/,
    )
  })

  test('a damaged database', async () => {
    const path = await withFile('damaged', (file) =>
      writeFile(file, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8192, 1)])),
    )
    const [line] = await problems({ SALLYPORT_DATA: path })
    expect(line).toMatch(/sallyport\.db is (?:damaged|not a SQLite database)/)
  })

  test('a folder instead of a database', async () => {
    const path = await withFile('folder', (file) => mkdir(file))
    const [line] = await problems({ SALLYPORT_DATA: path })
    expect(line).toContain('sallyport.db is not a file.')
  })

  test("another program's database", async () => {
    const path = await withFile('foreign', (file) => {
      const foreign = new DatabaseSync(file)
      foreign.exec('create table migrations (id text)')
      foreign.close()
    })
    const [line] = await problems({ SALLYPORT_DATA: path })
    expect(line).toContain('sallyport.db has tables of another program')
  })

  test('a newer schema', async () => {
    const path = join(folder, 'newer')
    await using server = await startServerProcess({ SALLYPORT_DATA: path })
    expect(await server.stop('SIGTERM')).toBe(0)
    const file = new DatabaseSync(join(path, 'sallyport.db'))
    file.exec(`insert into migrations values (999, 'from the future', 0)`)
    file.close()
    const [line] = await problems({ SALLYPORT_DATA: path })
    expect(line).toMatch(
      /^SALLYPORT_DATA: \S+sallyport\.db .* migration 999 .* Start the version that wrote it/,
    )
  })

  test('a master key that others can read, or that is no key', async () => {
    const path = join(folder, 'keys')
    await mkdir(path)
    await writeFile(join(path, 'master.key'), 'short', { mode: 0o644 })
    expect((await problems({ SALLYPORT_DATA: path }))[0]).toContain('chmod 600')
    await chmod(join(path, 'master.key'), 0o600)
    expect((await problems({ SALLYPORT_DATA: path }))[0]).toContain('is not 32 bytes in base64')
  })
})

test('A start reports all problems of folder, ports and database together', async () => {
  const lines = await problems({
    SALLYPORT_DATA: '/proc/nope',
    SALLYPORT_PORT: silentPort,
    SALLYPORT_DATABASE_URL: `postgres://me:${PASSWORD}@127.0.0.1:1/mine`,
  })
  expect(lines.map((line) => line.split(':')[0])).toEqual([
    'SALLYPORT_DATA',
    'SALLYPORT_PORT',
    'SALLYPORT_DATABASE_URL',
  ])
})

test('A start reports all invalid, unknown and contradictory settings together', async () => {
  const lines = await problems(
    {
      SALLYPORT_PROT: '8080',
      SALLYPORT_LOG_LEVEL: 'loud',
      SALLYPORT_HOST: '0.0.0.0',
      SALLYPORT_SETUP_TOKEN: 'short',
      SALLYPORT_MASTER_KEYS: PASSWORD,
    },
    2,
  )
  expect(lines.map((line) => line.split(':')[0])).toEqual([
    'SALLYPORT_LOG_LEVEL',
    'SALLYPORT_MASTER_KEYS',
    'SALLYPORT_PROT',
    'SALLYPORT_SETUP_TOKEN',
  ])
  expect(lines[1]).toContain('Did you mean SALLYPORT_MASTER_KEY?')
  expect(lines[2]).toContain('Did you mean SALLYPORT_PORT?')
})
