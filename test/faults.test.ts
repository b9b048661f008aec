import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runFault, type Fault } from './faults/run-fault.ts'
import type { Seen } from './faults/traffic.ts'
import { testedServers, type TestedServer } from './faults/tested-server.ts'
import { startPostgres, type PostgresServer } from './services/postgres-server.ts'
import { run } from './services/programs.ts'
import { ApiClient } from './support/api-client.ts'
import { failedStartOutput } from './support/failed-start.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { mountSmallDisk, type SmallDisk } from './support/small-disk.ts'
import { startEchoUpstream } from './support/upstream.ts'

const CONNECTIONS_MAX = 60
const DISK_BYTES = 64 * 1024 * 1024
const SQLITE_DISK_BYTES = 8 * 1024 * 1024
const TERMINATE_EVERY_MS = 30

const shared = new AsyncDisposableStack()
let postgres: PostgresServer
let disk: SmallDisk
/** Two servers on one database, and one on another, in the same PostgreSQL. */
let servers: readonly TestedServer[]
/** As an ordinary user, like a server: limits do not apply to a superuser. */
let databaseUrl: string

beforeAll(async () => {
  const { path } = shared.use(await temporaryFolder())
  disk = shared.use(await mountSmallDisk(path, DISK_BYTES))
  postgres = shared.use(await startPostgres({ connectionsMax: CONNECTIONS_MAX }))
  const upstream = shared.use(await startEchoUpstream())
  await run('chown', ['--reference', postgres.dataFolder, path])
  await administer(
    `create role app login password 'app'`,
    `create role holder login password 'app'`,
    `create tablespace small location '${path}'`,
    'create database fleet owner app tablespace small',
    'create database alone owner app tablespace small',
  )
  const urlOf = (database: string): string =>
    Object.assign(new URL(postgres.url), { username: 'app', password: 'app', pathname: `/${database}` }).href
  const quiet = { SALLYPORT_LOG_LEVEL: 'warn' }
  const start = async (folder: string, url: string, settings: Readonly<Record<string, string>> = {}) =>
    shared.use(
      await startServerProcess({
        SALLYPORT_DATA: folder,
        SALLYPORT_DATABASE_URL: url,
        ...quiet,
        ...settings,
      }),
    )
  databaseUrl = urlOf('fleet')
  const folder = shared.use(await temporaryFolder()).path
  const other = shared.use(await temporaryFolder()).path
  servers = [
    ...(await testedServers(
      {
        'lease 4 s': await start(folder, databaseUrl),
        'lease 5 min': await start(folder, databaseUrl, { SALLYPORT_LEASE_SECONDS: '300' }),
      },
      { kind: 'postgres', url: databaseUrl },
      upstream.url,
    )),
    ...(await testedServers(
      { alone: await start(other, urlOf('alone')) },
      { kind: 'postgres', url: urlOf('alone') },
      upstream.url,
    )),
  ]
})
afterAll(() => shared.disposeAsync())

/** Runs statements as a superuser. @returns the rows of the last one */
async function administer(...statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const client = await connectAsSuperuser()
  try {
    let rows: Record<string, unknown>[] = []
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement))
    return rows
  } finally {
    await client.end()
  }
}

async function connectAsSuperuser(): Promise<Client> {
  for (;;) {
    const client = new Client({ connectionString: postgres.url })
    try {
      await client.connect()
      return client
    } catch (error) {
      // While a server tries to connect, it can take a connection that is reserved for superusers.
      if (!(error instanceof DatabaseError && error.code === '53300')) throw error
    }
  }
}

const END_CONNECTIONS = `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'`

/** Starts one more server, which must say why it cannot start. */
async function expectFailedStart(message: string): Promise<void> {
  await using folder = await temporaryFolder()
  const settings = { SALLYPORT_DATA: folder.path, SALLYPORT_DATABASE_URL: databaseUrl }
  expect(await failedStartOutput(settings)).toContain(message)
}

/** Restarts PostgreSQL as a standby, which nothing can write to. */
async function restartAsStandby(settings: readonly string[], until?: RegExp): Promise<void> {
  await postgres.stop('SIGINT')
  await writeFile(join(postgres.dataFolder, 'standby.signal'), '')
  await postgres.start({ settings, ...(until === undefined ? {} : { until }) })
}

const holders: Client[] = []
/** Takes every connection that is left. */
async function takeConnections(): Promise<void> {
  const url = Object.assign(new URL(databaseUrl), { username: 'holder', pathname: '/postgres' }).href
  const take = async (): Promise<boolean> => {
    const client = new Client({ connectionString: url })
    client.on('error', () => undefined)
    try {
      await client.connect()
    } catch {
      return false
    }
    holders.push(client)
    return true
  }
  let taken: readonly boolean[]
  do taken = await Promise.all(Array.from({ length: CONNECTIONS_MAX / 2 }, take))
  while (taken.includes(true))
}

/** Waits until PostgreSQL accepts connections. */
async function accepts(): Promise<void> {
  while (!(await backends().catch(() => false))) await pause(10)
}

/** The processes of PostgreSQL that serve connections of the servers. */
async function backends(): Promise<number[]> {
  const rows = await administer(`select pid from pg_stat_activity where usename = 'app'`)
  return rows.map(({ pid }) => Number(pid))
}

function killIfRunning(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

let isOver = false
let repeating: Promise<void> | undefined

/** Does something again and again until `endRepeating`: a short fault once could meet no write of a server. */
function repeat(work: () => Promise<void>): void {
  isOver = false
  repeating = (async () => {
    while (!isOver) {
      await work()
      await pause(TERMINATE_EVERY_MS)
    }
  })()
}

async function endRepeating(): Promise<void> {
  isOver = true
  await repeating
}

const hasLogged =
  (text: string) =>
  ({ server, refusedWrites }: Seen): boolean =>
    refusedWrites > 0 && server.process.output.stderr.includes(text)

const FAULTS: readonly Fault[] = [
  {
    name: 'PostgreSQL is stopped',
    begin: () => postgres.stop('SIGINT'),
    end: () => postgres.start(),
    isSeen: (seen) =>
      hasLogged('the feed failed')(seen) && (seen.server.name !== 'lease 4 s' || seen.isRefusing),
    async during() {
      for (const server of servers) {
        const { acme, process } = server
        // A gateway whose lease is over decides nothing.
        expect((await server.callGateway(null)).status).toBe(server.name === 'lease 4 s' ? 503 : 401)
        const { body } = await new ApiClient(process.gatewayUrl).call('GET', '/readyz')
        expect(body['snapshotAgeSeconds']).toBeGreaterThan(2)
        // A malformed token is rejected without the store.
        expect(await acme.as('sp_sk_mistyped').call('GET', '/v1/whoami')).toMatchObject({ status: 401 })
        expect(await acme.call('GET', '/readyz')).toMatchObject({
          status: 503,
          body: { ready: false, reason: 'database_unavailable' },
        })
      }
    },
  },
  {
    name: 'PostgreSQL is killed',
    begin: () => postgres.stop('SIGKILL'),
    end: () => postgres.start(),
  },
  {
    name: 'processes of PostgreSQL are killed',
    async begin() {
      repeat(async () => {
        const [pid] = await backends().catch(() => [])
        if (pid !== undefined) killIfRunning(pid)
        // PostgreSQL closes all connections, and recovers by itself.
        await accepts()
      })
    },
    end: endRepeating,
    isSeen: hasLogged('57P0'),
  },
  {
    name: 'PostgreSQL is paused',
    begin: () => postgres.pause(),
    end: () => postgres.resume(),
    isSeen: ({ server, isRefusing }) => server.name !== 'lease 4 s' || isRefusing,
  },
  {
    name: 'PostgreSQL fails over to a read-only standby',
    begin: () => restartAsStandby([]),
    end: async () => void (await administer('select pg_promote()')),
    isSeen: hasLogged('cannot set transaction read-write mode during recovery'),
    async during() {
      await expectFailedStart('is a read-only standby. Use the primary server.')
      for (const { acme } of servers) expect((await acme.call('GET', '/v1/whoami')).status).toBe(200)
    },
  },
  {
    name: 'PostgreSQL refuses connections while it starts',
    begin: () => restartAsStandby(['hot_standby=off'], /entering standby mode/),
    async end() {
      await postgres.stop('SIGINT')
      await rm(join(postgres.dataFolder, 'standby.signal'))
      await postgres.start()
    },
    isSeen: hasLogged('57P03'),
    during: () => expectFailedStart('starts or stops. Try again in a moment.'),
  },
  {
    name: 'the role has no connection left',
    begin: async () => void (await administer('alter role app connection limit 0', END_CONNECTIONS)),
    end: async () => void (await administer('alter role app connection limit -1')),
    isSeen: hasLogged('53300'),
  },
  {
    name: 'other clients hold all connections',
    async begin() {
      // The servers would take some of them back.
      await administer('alter role app connection limit 0', END_CONNECTIONS)
      await takeConnections()
      await administer('alter role app connection limit -1')
      while ((await backends()).length > 0) {
        await administer(END_CONNECTIONS)
        await takeConnections()
      }
    },
    async end() {
      await Promise.all(holders.splice(0).map((client) => client.end()))
    },
    isSeen: hasLogged('remaining connection slots are reserved'),
    during: () => expectFailedStart('has no connection left'),
  },
  {
    name: 'connections are terminated again and again',
    async begin() {
      repeat(async () => void (await administer(END_CONNECTIONS)))
    },
    end: endRepeating,
    isSeen: ({ refusedWrites }) => refusedWrites >= 20,
  },
  {
    name: 'the disk of PostgreSQL is full',
    begin: () => disk.fill(),
    end: () => disk.free(),
    isSeen: hasLogged('53100'),
  },
]

test.each(FAULTS.map((fault) => [fault.name, fault] as const))('%s', async (_name, fault) => {
  const seen = await runFault(fault, servers)
  for (const { server, refusedCallsMs } of seen) {
    if (server.name !== 'lease 4 s') expect(refusedCallsMs).toBe(0)
  }
})

test('the disk of SQLite is full', async () => {
  await using stack = new AsyncDisposableStack()
  const { path } = stack.use(await temporaryFolder())
  const small = stack.use(await mountSmallDisk(path, SQLITE_DISK_BYTES))
  const upstream = stack.use(await startEchoUpstream())
  const server = stack.use(await startServerProcess({ SALLYPORT_DATA: path }))
  const store = { kind: 'sqlite', file: join(path, 'sallyport.db') } as const
  const tested = await testedServers({ SQLite: server }, store, upstream.url)
  await runFault(
    {
      name: 'the disk of SQLite is full',
      begin: () => small.fill(),
      end: () => small.free(),
      isSeen: (seen) => seen.refusedWrites >= 20 && hasLogged('database or disk is full')(seen),
      async during() {
        for (const { acme } of tested) expect((await acme.call('GET', '/v1/whoami')).status).toBe(200)
      },
    },
    tested,
  )
  await server.stop('SIGTERM')
})
