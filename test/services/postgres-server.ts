import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { postgresPrograms } from './postgres-programs.ts'
import { isRoot, run } from './programs.ts'

const USER = 'sallyport'

/** Far above the usual start time, so that a busy machine does not fail the run. */
const START_TIMEOUT_MS = 60_000

const LOG_CHARACTERS_MAX = 16_384

/** Systems limit the length of a socket path: 104 bytes on macOS, 108 on Linux, including the terminator. */
const SOCKET_FOLDER_BYTES_MAX = 80

/** Another process may take a free port before PostgreSQL does. */
const ATTEMPTS_MAX = 3

// Stops the server and deletes its folder when standard input ends, which happens on disposal and whenever this process
// dies. The server itself starts without that input, because it would keep it open.
const GUARD = `
exec 3<&0
"$@" 3<&- </dev/null & server=$!
{ cat <&3 >/dev/null 2>&1; kill -INT "$server"; } 2>/dev/null &
wait "$server"
cd / && rm -rf "$SALLYPORT_FOLDER"
`

export interface PostgresServer extends AsyncDisposable {
  /** The URL of the maintenance database, as a superuser. */
  readonly url: string
}

export interface PostgresOptions {
  /** Whether a commit waits for the disk. Off by default, because the data is temporary and there are many tests. */
  readonly durable?: boolean
  /** The URL of a server. The new one is its standby: a copy of it that follows its changes and cannot be written. */
  readonly standbyOf?: string
}

/**
 * Starts a PostgreSQL server in a new temporary folder, on a free loopback port and a Unix socket, with a random
 * password. It stops on disposal, or when this process ends.
 *
 * @throws an error with the reason if the programs are not available or the server does not start
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  if (process.platform === 'win32') {
    throw new Error(
      'The tests cannot start PostgreSQL on Windows. Set SALLYPORT_TEST_POSTGRES_URL to a running server.',
    )
  }
  const programs = await postgresPrograms()
  const account = await serverAccount()
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-postgres-'))
  const password = randomBytes(16).toString('hex')
  const env = {
    PATH: process.env['PATH'],
    LC_ALL: 'C',
    TZ: 'UTC',
    SALLYPORT_FOLDER: folder,
    ...(programs.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: programs.libraryPath }),
  }
  const spawnOptions = { cwd: folder, env, ...account }
  try {
    const { standbyOf } = options
    if (standbyOf === undefined) await initialise(folder, password, programs.folder, spawnOptions)
    else await copy(folder, standbyOf, programs.folder, spawnOptions)
    const settings = { folder, program: join(programs.folder, 'postgres'), durable: options.durable ?? false }
    const { port, stop } = await launch(settings, spawnOptions)
    const usedPassword = standbyOf === undefined ? password : new URL(standbyOf).password
    return {
      url: `postgres://${USER}:${usedPassword}@127.0.0.1:${port}/postgres`,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

interface Account {
  readonly uid?: number
  readonly gid?: number
}

interface SpawnOptions extends Account {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/** PostgreSQL refuses to run as root, so root starts it as another user. */
async function serverAccount(): Promise<Account> {
  if (!isRoot()) return {}
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: Number(await run('id', ['-u', name])), gid: Number(await run('id', ['-g', name])) }
    } catch {
      // The account does not exist; try the next one.
    }
  }
  throw new Error(
    'PostgreSQL refuses to run as root. Create a user "postgres" or "nobody", or run the tests as another user.',
  )
}

async function initialise(
  folder: string,
  password: string,
  programs: string,
  spawnOptions: SpawnOptions,
): Promise<void> {
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  const { uid, gid } = spawnOptions
  if (uid !== undefined && gid !== undefined) {
    for (const owned of [folder, passwordFile]) await chown(owned, uid, gid)
  }
  const cluster = ['-D', join(folder, 'data'), '-U', USER, '--encoding=UTF8', '--locale=C', '--no-sync']
  const authentication = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  await run(join(programs, 'initdb'), [...cluster, ...authentication], spawnOptions)
}

/** Copies a running server into the folder, as its standby. */
async function copy(
  folder: string,
  primary: string,
  programs: string,
  spawnOptions: SpawnOptions,
): Promise<void> {
  const { uid, gid } = spawnOptions
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid)
  const options = ['--write-recovery-conf', '--checkpoint=fast', '--no-sync', '--wal-method=stream']
  await run(
    join(programs, 'pg_basebackup'),
    ['-d', primary, '-D', join(folder, 'data'), ...options],
    spawnOptions,
  )
}

interface LaunchSettings {
  readonly folder: string
  readonly program: string
  readonly durable: boolean
}

async function launch(settings: LaunchSettings, spawnOptions: SpawnOptions) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      return { port, stop: await launchOn(port, settings, spawnOptions) }
    } catch (error) {
      const isPortTaken = error instanceof Error && error.message.includes('Address already in use')
      if (!isPortTaken || attempt === ATTEMPTS_MAX) throw error
    }
  }
}

/** Starts the server. Resolves to a function that stops it, once it accepts connections. */
async function launchOn(
  port: number,
  { folder, program, durable }: LaunchSettings,
  spawnOptions: SpawnOptions,
) {
  const socketFolder = Buffer.byteLength(folder) <= SOCKET_FOLDER_BYTES_MAX ? folder : ''
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${socketFolder}`]
  settings.push('max_connections=200')
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off')
  const args = ['-D', join(folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])]
  // In a separate session, so that an interrupt from the terminal does not stop the server before the tests end.
  const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', program, ...args], {
    ...spawnOptions,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const ended = once(guard, 'exit')
  const stop = async () => {
    guard.stdin.end()
    await ended
    guard.stderr.destroy()
  }
  let log = ''
  const ready = new Promise<void>((resolve, reject) => {
    guard.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-LOG_CHARACTERS_MAX)
      if (/ready to accept (?:read-only )?connections/.test(log)) resolve()
    })
    const fail = () => reject(new Error(`PostgreSQL did not start:\n${log}`))
    ended.then(fail, fail)
    setTimeout(fail, START_TIMEOUT_MS).unref()
  })
  try {
    await ready
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}
