import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresPrograms } from './postgres-programs.ts'
import { isRoot, run } from './programs.ts'

const USER = 'sallyport'

/** Far above what it takes, so that a busy machine does not fail the run. */
const START_TIMEOUT_MS = 60_000

const LOG_CHARACTERS_MAX = 16_384

/** The length of a socket's path is limited by the system: 104 bytes on macOS, 108 on Linux, terminator included. */
const SOCKET_FOLDER_BYTES_MAX = 80

/** Between finding a free port and taking it, somebody else may take it. */
const ATTEMPTS_MAX = 3

// Ends the server and removes its folder when standard input ends: that happens when we are done, and also when this
// process dies in whatever way. The server starts without that input, or it would hold it open for itself.
const GUARD = `
exec 3<&0
"$@" 3<&- </dev/null & server=$!
{ cat <&3 >/dev/null 2>&1; kill -INT "$server"; } 2>/dev/null &
wait "$server"
cd / && rm -rf "$SALLYPORT_FOLDER"
`

export interface PostgresServer extends AsyncDisposable {
  /** Of the maintenance database, as a user who may do everything. */
  readonly url: string
}

export interface PostgresOptions {
  /** Whether a commit waits for the disk. Off unless asked for: the data is thrown away and tests are many. */
  readonly durable?: boolean
}

/**
 * Starts a PostgreSQL of this run's own: in a new folder under the system's temporary one, on a free loopback port and
 * a Unix socket, with a random password. It ends with its disposal or with this process, whichever is first.
 *
 * @throws an error with the reason when the programs cannot be had or the server does not come up
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  if (process.platform === 'win32') {
    throw new Error(
      'Set SALLYPORT_TEST_POSTGRES_URL: on Windows the tests do not start PostgreSQL themselves.',
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
  const place = { cwd: folder, env, ...account }
  try {
    await initialise(folder, password, programs.folder, place)
    const settings = { folder, program: join(programs.folder, 'postgres'), durable: options.durable ?? false }
    const { port, stop } = await launch(settings, place)
    return {
      url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`,
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

interface Place extends Account {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/** PostgreSQL refuses to run as root, so root starts it as somebody else. */
async function serverAccount(): Promise<Account> {
  if (!isRoot()) return {}
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: Number(await run('id', ['-u', name])), gid: Number(await run('id', ['-g', name])) }
    } catch {
      // The account is not there; the next one may be.
    }
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and there is no user "postgres" or "nobody" to run it as.',
  )
}

async function initialise(folder: string, password: string, programs: string, place: Place): Promise<void> {
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (place.uid !== undefined && place.gid !== undefined) {
    for (const owned of [folder, passwordFile]) await chown(owned, place.uid, place.gid)
  }
  const where = ['-D', join(folder, 'data'), '-U', USER, '--encoding=UTF8', '--locale=C', '--no-sync']
  const authentication = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  await run(join(programs, 'initdb'), [...where, ...authentication], place)
}

interface LaunchSettings {
  readonly folder: string
  readonly program: string
  readonly durable: boolean
}

async function launch(settings: LaunchSettings, place: Place) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      return { port, stop: await launchOn(port, settings, place) }
    } catch (error) {
      const taken = error instanceof Error && error.message.includes('Address already in use')
      if (!taken || attempt === ATTEMPTS_MAX) throw error
    }
  }
}

/** Gives what stops the server, once it takes connections. */
async function launchOn(port: number, { folder, program, durable }: LaunchSettings, place: Place) {
  const socketFolder = Buffer.byteLength(folder) <= SOCKET_FOLDER_BYTES_MAX ? folder : ''
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${socketFolder}`]
  settings.push('max_connections=200')
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off')
  const args = ['-D', join(folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])]
  // In a session of its own, an interrupt from the terminal does not take the server from under the tests.
  const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', program, ...args], {
    ...place,
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
      if (log.includes('ready to accept connections')) resolve()
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

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('The system gave no TCP port.')
  return address.port
}
