import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, open, readdir, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { openTestDatabase } from './services/postgres.ts'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { SERVER_PROGRAM } from './support/server-program.ts'
import { eventually } from './support/eventually.ts'

type Settings = Readonly<Record<string, string>>

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `recover-owner` until it ends. Alone, as an operator would: without the variables of the tests. */
async function recover(settings: Settings, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [SERVER_PROGRAM, 'recover-owner', ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  await once(child, 'close')
  return { code: child.exitCode, stdout, stderr }
}

/** Runs it with a file as its standard output. */
async function recoverTo(
  path: string,
  settings: Settings,
  ...args: readonly string[]
): Promise<Omit<Ended, 'stdout'>> {
  await using file = await open(path, 'w')
  const child = spawn(process.execPath, [SERVER_PROGRAM, 'recover-owner', ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
    stdio: ['ignore', file.fd, 'pipe'],
  })
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  await once(child, 'close')
  return { code: child.exitCode, stderr }
}

/** A database whose migrations a test can change while no server runs. */
interface Installation {
  readonly settings: Settings
  readonly execute: (sql: string) => Promise<void>
}

async function install(kind: 'sqlite' | 'postgres', stack: AsyncDisposableStack): Promise<Installation> {
  const folder = stack.use(await temporaryFolder()).path
  if (kind === 'sqlite') {
    return {
      settings: { SALLYPORT_DATA: folder },
      async execute(sql) {
        using database = new DatabaseSync(join(folder, 'sallyport.db'))
        await Promise.resolve(database.exec(sql))
      },
    }
  }
  const { url } = stack.use(await openTestDatabase())
  return {
    settings: { SALLYPORT_DATA: folder, SALLYPORT_DATABASE_URL: url },
    async execute(sql) {
      const client = new Client({ connectionString: url })
      await client.connect()
      await client.query(sql)
      await client.end()
    },
  }
}

describe.each(['sqlite', 'postgres'] as const)('recover-owner, on %s,', (kind) => {
  test('gives an owner key that a running server and a later one accept', async () => {
    await using stack = new AsyncDisposableStack()
    const { settings, execute } = await install(kind, stack)
    const server = stack.use(await startServerProcess(settings))
    const acme = await setUpAcme(server)
    const webhook = await acme.must('POST', '/v1/organizations/acme/webhooks', {
      url: 'http://127.0.0.1:9/',
      events: ['key.created'],
    })

    const made = await recover(settings, 'acme', '--name', 'Ann, after the fire')
    expect(made, made.stderr).toMatchObject({ code: 0 })
    expect(made.stdout).toMatch(/^sp_sk_[0-9A-Za-z_]+\n$/)
    const token = made.stdout.trim()
    expect(made.stderr).not.toContain(token.slice(-38))
    const owner = new ApiClient(server.controlUrl, token)
    const { key } = await owner.must('GET', '/v1/whoami')
    expect(made.stderr).toContain(textAt(key, 'id'))
    expect(key).toMatchObject({ name: 'Ann, after the fire' })
    // It owns the organization, and the gateway knows it as well.
    await owner.must('POST', '/v1/organizations/acme/keys', { name: 'x', type: 'secret', roles: ['owner'] })
    await eventually(async () => {
      const answer = await owner.must('POST', '/v1/organizations/acme/verify', { token })
      expect(answer).toMatchObject({ valid: true, roles: ['owner'] })
    })

    const found = await owner.must('GET', '/v1/organizations/acme/audit-events?actor=operator')
    expect(found['items']).toMatchObject([
      { actor: 'operator', action: 'keys.create', target: `key/${textAt(key, 'id')}` },
    ])
    const exported = await fetch(`${server.controlUrl}/v1/organizations/acme/audit-events`, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/x-ndjson' },
    })
    const lines = (await exported.text()).trim().split('\n')
    const at = lines.findIndex((line) => line.includes('"operator"'))
    expect(JSON.parse(lines[at + 1] ?? '')).toHaveProperty('checkpoint.signature')
    expect(lines.join('')).not.toContain(token.slice(-38))
    await eventually(async () => {
      const path = `/v1/organizations/acme/webhooks/${textAt(webhook, 'id')}/deliveries`
      expect(JSON.stringify(await owner.must('GET', path))).toContain('key.created')
    })

    expect(await server.stop('SIGTERM')).toBe(0)
    const later = await recover(settings, 'acme', '--expires-in-hours', '1')
    expect(later.code, later.stderr).toBe(0)
    const restarted = stack.use(await startServerProcess(settings))
    const temporary = new ApiClient(restarted.controlUrl, later.stdout.trim())
    const own = textAt(await temporary.must('GET', '/v1/whoami'), 'key', 'id')
    const expiresAt = textAt(await temporary.must('GET', `/v1/organizations/acme/keys/${own}`), 'expiresAt')
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(3_600_000)
    expect((await new ApiClient(restarted.controlUrl, token).call('GET', '/v1/whoami')).status).toBe(200)
    expect(await restarted.stop('SIGTERM')).toBe(0)

    // The token exists nowhere else, so a full disk must not be taken for a success.
    const unread = await recoverTo('/dev/full', settings, 'acme')
    expect(unread).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The owner key key_\w+ was created/),
    })

    // Each refusal names its setting and creates nothing.
    const refused = async (
      args: readonly string[],
      changed: Settings = {},
    ): Promise<[number | null, string]> => {
      const { code, stdout, stderr } = await recover({ ...settings, ...changed }, ...args)
      expect(stdout).toBe('')
      return [code, stderr]
    }
    expect(await refused(['amce'])).toEqual([
      3,
      expect.stringMatching(/no organization "amce".*It has: acme\./),
    ])
    const otherKey = { SALLYPORT_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
    expect(await refused(['acme'], otherKey)).toEqual([
      1,
      expect.stringMatching(/^SALLYPORT_MASTER_KEY: .*is not the master key.*original key/),
    ])
    await execute(`INSERT INTO migrations VALUES (999, 'from the future', 0)`)
    expect(await refused(['acme'])).toEqual([1, expect.stringMatching(/migration 999 .*a later one\./)])
    await execute('DELETE FROM migrations WHERE number >= 30')
    expect(await refused(['acme'])).toEqual([
      1,
      expect.stringMatching(/does not have migration 30 .*older version/),
    ])
  })

  test('refuses a database that no server has started on, and leaves it as it is', async () => {
    await using stack = new AsyncDisposableStack()
    const { settings } = await install(kind, stack)
    const { code, stdout, stderr } = await recover(settings, 'acme')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(kind === 'sqlite' ? /^SALLYPORT_DATA: / : /no server has started on it/)
    expect(await readdir(settings['SALLYPORT_DATA'] ?? '')).toEqual([])
  })
})

describe('recover-owner', () => {
  test.each([
    [[], 'Name one organization'],
    [['acme', 'beta'], 'Name one organization'],
    [['Acme'], 'is no slug'],
    // A token instead of the slug is not repeated.
    [[`sp_sk_4fT0Qm2ZrX9bLk7A_${'x'.repeat(38)}`], '"sp_sk_4fT0Qm2ZrX9bLk7A_[redacted]" is no slug'],
    [['acme', '--name', ''], '--name: '],
    [['acme', '--name', 'two\nlines'], '--name: '],
    [['acme', '--expires-in-hours', '0'], '--expires-in-hours: Use a whole number from 1 to 8784.'],
    [['acme', '--expires-in-hours', '8785'], '--expires-in-hours: '],
    [['acme', '--role', 'admin'], "Unknown option '--role'.\nUsage: "],
  ])('refuses the arguments %j with status 2', async (args, message) => {
    const { code, stdout, stderr } = await recover({}, ...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(stderr).toContain('Usage: npm run -s admin -- recover-owner ORGANIZATION')
  })

  test('refuses wrong settings with status 2, and a database that cannot be used with status 1', async () => {
    expect(await recover({ SALLYPORT_PORT: 'x' }, 'acme')).toMatchObject({ code: 2, stdout: '' })
    const url = 'postgres://me:a-secret-password@127.0.0.1:1/mine'
    await using folder = await temporaryFolder()
    const unreachable = await recover({ SALLYPORT_DATABASE_URL: url, SALLYPORT_DATA: folder.path }, 'acme')
    expect(unreachable).toMatchObject({ code: 1, stdout: '' })
    expect(unreachable.stderr).toMatch(/^SALLYPORT_DATABASE_URL: No PostgreSQL accepts connections at 127/)
    expect(unreachable.stderr).not.toContain('a-secret-password')
    const missing = join(folder.path, 'missing')
    const nowhere = await recover({ SALLYPORT_DATA: missing }, 'acme')
    expect(nowhere).toMatchObject({ code: 1, stdout: '' })
    expect(nowhere.stderr).toMatch(/^SALLYPORT_DATA: The database of the server is not in the folder /)
    expect(await readdir(folder.path)).toEqual([])
    await mkdir(join(missing, 'sallyport.db'), { recursive: true })
    expect((await recover({ SALLYPORT_DATA: missing }, 'acme')).stderr).toContain('it is of another kind')
    await writeFile(join(folder.path, 'sallyport.db'), 'This is no database. '.repeat(100))
    await chmod(folder.path, 0o700)
    expect((await recover({ SALLYPORT_DATA: folder.path }, 'acme')).stderr).toContain(
      'is not a SQLite database',
    )
  })
})
