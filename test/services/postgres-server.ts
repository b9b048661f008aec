import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import {
  launchOn,
  type PostgresProgram,
  type PostgresStart,
  type RunningPostgres,
  type SpawnOptions,
} from './postgres-process.ts'
import { postgresPrograms } from './postgres-programs.ts'
import { isRoot, run } from './programs.ts'

const USER = 'sallyport'

const MEMORY_FOLDER = '/dev/shm'
/** A run uses less than half of this, most of it for the write-ahead log. */
const MEMORY_BYTES_MIN = 3 * 1024 ** 3

/** Another process may take a free port before PostgreSQL does. */
const ATTEMPTS_MAX = 3

// Deletes the server's folder when standard input ends, which happens on disposal and whenever this process dies, and the
// server has ended.
const FOLDER_GUARD = `
cat >/dev/null 2>&1
while pid=$(head -n 1 data/postmaster.pid 2>/dev/null) && kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
cd / && rm -rf "$SALLYPORT_FOLDER"
`

/** A server that can be stopped, paused and started again, on the same port and with the same data. */
export interface PostgresServer extends AsyncDisposable {
  /** The URL of the maintenance database, as a superuser. */
  readonly url: string
  /** The folder of its data. */
  readonly dataFolder: string
  /** Stops it: SIGINT closes all connections and ends it in order, SIGKILL lets it do nothing more. */
  stop(signal: 'SIGINT' | 'SIGKILL'): Promise<void>
  /** Starts it again. Resolves when it accepts connections. */
  start(options?: PostgresStart): Promise<void>
  /** Stops all its processes with SIGSTOP. Its connections stay open, and nothing responds. */
  pause(): Promise<void>
  resume(): Promise<void>
}

export interface PostgresOptions {
  /**
   * Whether a commit waits for the disk. Off by default, because the data is temporary and there are many tests; a commit
   * then survives the end of the server, but no power loss.
   */
  readonly durable?: boolean
  /** The most connections; 200 by default. */
  readonly connectionsMax?: number
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
  const parent = options.durable === true ? tmpdir() : await temporaryParent()
  const folder = await mkdtemp(join(parent, 'sallyport-postgres-'))
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
    await initialise(folder, password, programs.folder, spawnOptions)
    const { durable = false, connectionsMax = 200 } = options
    const program = { folder, file: join(programs.folder, 'postgres'), durable, connectionsMax, spawnOptions }
    const endFolder = guardFolder(spawnOptions)
    let { port, running } = await launch(program)
    return {
      url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`,
      dataFolder: join(folder, 'data'),
      stop: async (signal) => await running.stop(signal),
      async start(start) {
        running = await launchOn(port, program, start)
      },
      pause: async () => await running.signal('SIGSTOP'),
      resume: async () => await running.signal('SIGCONT'),
      async [Symbol.asyncDispose]() {
        await running.signal('SIGCONT')
        await running.stop('SIGINT')
        await endFolder()
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/**
 * Where data is that need not survive: in memory, if the machine has enough for a whole run, because the files of a
 * new database take ten times as long on a disk.
 */
async function temporaryParent(): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(MEMORY_FOLDER)
    if (bavail * bsize >= MEMORY_BYTES_MIN) return MEMORY_FOLDER
  } catch {
    // It exists only on Linux.
  }
  return tmpdir()
}

/** PostgreSQL refuses to run as root, so root starts it as another user. */
async function serverAccount(): Promise<Pick<SpawnOptions, 'uid' | 'gid'>> {
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

/** @returns a function that deletes the folder */
function guardFolder(spawnOptions: SpawnOptions): () => Promise<void> {
  const guard = spawn('/bin/sh', ['-c', FOLDER_GUARD], {
    ...spawnOptions,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = once(guard, 'exit')
  return async () => {
    guard.stdin.end()
    await ended
  }
}

/** Starts the server on a free port. */
async function launch(program: PostgresProgram): Promise<{ port: number; running: RunningPostgres }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      return { port, running: await launchOn(port, program) }
    } catch (error) {
      const isPortTaken = error instanceof Error && error.message.includes('Address already in use')
      if (!isPortTaken || attempt === ATTEMPTS_MAX) throw error
    }
  }
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
