import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from './services/postgres.ts'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'
import { startTcpRelay } from './support/tcp-relay.ts'
import { eventually } from './support/eventually.ts'

/** Between two calls to a server that restarts its work, in ms: each takes processor time from it. */
const CALL_PAUSE_MS = 5

interface Receipt {
  readonly confirmed: boolean
  readonly gateways: readonly { readonly id: string; readonly confirmed: boolean }[]
  readonly elapsedMs: number
}

/** A server on a PostgreSQL database, whose pipeline all servers on it serve. */
interface First extends AsyncDisposable {
  readonly server: ServerProcess
  readonly settings: Readonly<Record<string, string>>
  readonly databaseUrl: string
  readonly acme: ApiClient
  /** The path of the pipeline. */
  readonly path: string
  /** The id of the consumer that may call it. */
  readonly consumer: string
}

async function startFirst(): Promise<First> {
  await using stack = new AsyncDisposableStack()
  const databaseUrl = stack.use(await openTestDatabase()).url
  const upstream = stack.use(await startEchoUpstream())
  const folder = stack.use(await temporaryFolder())
  const settings = { SALLYPORT_DATA: folder.path, SALLYPORT_DATABASE_URL: databaseUrl }
  const server = stack.use(await startServerProcess(settings))
  const acme = await setUpAcme(server)
  const { path } = await publishPipeline(acme, 'orders', `${upstream.url}/orders`)
  const consumers = await acme.must('GET', '/v1/organizations/acme/consumers?environment=prod')
  const consumer = (consumers['items'] as unknown as { id: string }[])[0]?.id ?? ''
  const resources = stack.move()
  return {
    server,
    settings,
    databaseUrl,
    acme,
    path,
    consumer,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

/** The first server, which all tests share, and a second one on its database. Disposal ends the second. */
class TwoServers implements AsyncDisposable {
  readonly first: ServerProcess
  readonly second: ServerProcess
  readonly databaseUrl: string
  readonly acme: ApiClient
  readonly #path: string
  readonly #consumer: string

  private constructor({ server, databaseUrl, acme, path, consumer }: First, second: ServerProcess) {
    this.first = server
    this.second = second
    this.databaseUrl = databaseUrl
    this.acme = acme
    this.#path = path
    this.#consumer = consumer
  }

  /** @param ownSettings of the second server */
  static async start(first: First, ownSettings: Readonly<Record<string, string>> = {}): Promise<TwoServers> {
    return new TwoServers(first, await startServerProcess({ ...first.settings, ...ownSettings }))
  }

  /** Creates a key that may call the pipeline. */
  async newKeyOnFirst(): Promise<{ readonly id: string; readonly token: string }> {
    const made = await this.acme.must('POST', '/v1/organizations/acme/keys', {
      name: 'caller',
      type: 'secret',
      environment: 'prod',
      consumer: this.#consumer,
    })
    return { id: textAt(made, 'key', 'id'), token: textAt(made, 'token') }
  }

  /** Creates a key, and waits until both servers accept it. */
  async newKey(): Promise<{ readonly id: string; readonly token: string }> {
    const key = await this.newKeyOnFirst()
    for (const server of [this.first, this.second]) {
      await eventually(async () => expect(await this.call(server, key.token)).toBe(200))
    }
    return key
  }

  async call(server: ServerProcess, token: string): Promise<number> {
    return (await new ApiClient(server.gatewayUrl).call('GET', this.#path, undefined, { 'x-api-key': token }))
      .status
  }

  async delete(id: string, waitSeconds: number): Promise<Receipt> {
    const answer = await this.acme.must('DELETE', `/v1/organizations/acme/keys/${id}?wait=${waitSeconds}`)
    return answer['receipt'] as unknown as Receipt
  }

  /** Ends the second server in order, so that no receipt of the next test waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.second.stop('SIGTERM')
  }
}

/** Calls until the answer is `last`, and returns the answers before. */
async function statusesUntil(call: () => Promise<number>, last: number): Promise<number[]> {
  const statuses: number[] = []
  for (;;) {
    const status = await call()
    if (status === last) return statuses
    statuses.push(status)
    await pause(CALL_PAUSE_MS)
  }
}

describe('two processes on one PostgreSQL database', () => {
  let one: First

  beforeAll(async () => {
    one = await startFirst()
  })
  afterAll(async () => await one[Symbol.asyncDispose]())

  test('a receipt names both gateways, and neither accepts the key after it', async () => {
    await using servers = await TwoServers.start(one)
    for (let round = 0; round < 25; round += 1) {
      const key = await servers.newKey()
      const receipt = await servers.delete(key.id, 10)
      const statuses = await Promise.all(
        [servers.first, servers.second].map(async (server) => await servers.call(server, key.token)),
      )
      expect([receipt, statuses]).toMatchObject([
        { confirmed: true, gateways: [{ confirmed: true }, { confirmed: true }] },
        [401, 401],
      ])
      expect(new Set(receipt.gateways.map(({ id }) => id)).size).toBe(2)
    }
    const { items } = await servers.acme.must('GET', '/v1/organizations/acme/gateways')
    expect(items).toMatchObject([
      { role: 'gateway', stale: false },
      { role: 'gateway', stale: false },
    ])
  })

  test('a paused gateway does not accept a key that was deleted meanwhile, not even in its first answer', async () => {
    await using servers = await TwoServers.start(one)
    const key = await servers.newKey()
    process.kill(servers.second.pid, 'SIGSTOP')
    // The lease of the paused gateway is not over yet.
    expect(await servers.delete(key.id, 0)).toMatchObject({ confirmed: false })
    const other = await servers.newKeyOnFirst()
    expect(await servers.delete(other.id, 20)).toMatchObject({ confirmed: true })
    // These requests wait in the sockets of the paused process, so they are its first work.
    const waiting = Array.from({ length: 20 }, async () => await servers.call(servers.second, key.token))
    process.kill(servers.second.pid, 'SIGCONT')
    for (const status of await Promise.all(waiting)) expect([401, 503]).toContain(status)
    const before = await statusesUntil(async () => await servers.call(servers.second, key.token), 401)
    expect(before.filter((status) => status !== 503)).toEqual([])
    // It serves again, and receipts name it again.
    const next = await servers.newKey()
    const receipt = await servers.delete(next.id, 10)
    expect(receipt).toMatchObject({ confirmed: true, gateways: [{}, {}] })
    expect(await servers.call(servers.second, next.token)).toBe(401)
  })

  test('a killed gateway delays no receipt for longer than its lease', async () => {
    await using servers = await TwoServers.start(one)
    const key = await servers.newKey()
    await servers.second.stop('SIGKILL')
    const receipt = await servers.delete(key.id, 5)
    expect(receipt.confirmed).toBe(true)
    const next = await servers.newKeyOnFirst()
    expect((await servers.delete(next.id, 5)).gateways).toHaveLength(1)
  })

  test('a paused gateway whose lease is longer than that of the others is waited for', async () => {
    await using servers = await TwoServers.start(one, { SALLYPORT_LEASE_SECONDS: '60' })
    const key = await servers.newKey()
    process.kill(servers.second.pid, 'SIGSTOP')
    // Longer than the lease of the first server.
    const receipt = await servers.delete(key.id, 6)
    expect(receipt.gateways).toMatchObject([{ confirmed: true }, { confirmed: false }])
    process.kill(servers.second.pid, 'SIGCONT')
    await eventually(async () => expect(await servers.call(servers.second, key.token)).toBe(401))
    expect(await servers.delete((await servers.newKey()).id, 10)).toMatchObject({ confirmed: true })
  })

  test('a gateway that ends in order is not waited for', async () => {
    await using servers = await TwoServers.start(one)
    const key = await servers.newKey()
    expect(await servers.second.stop('SIGTERM')).toBe(0)
    expect(await servers.delete(key.id, 5)).toMatchObject({ confirmed: true, gateways: [{}] })
  })

  test('a gateway that is cut off from the database refuses calls before a receipt is confirmed without it', async () => {
    await using cutOff = await startTcpRelay(one.databaseUrl)
    await using servers = await TwoServers.start(one, { SALLYPORT_DATABASE_URL: cutOff.url })
    const key = await servers.newKey()
    cutOff.cut()
    const receipt = await servers.delete(key.id, 20)
    expect(receipt.confirmed).toBe(true)
    expect(await servers.call(servers.second, key.token)).toBe(503)
    expect((await new ApiClient(servers.second.gatewayUrl).call('GET', '/readyz')).status).toBe(503)
    expect((await new ApiClient(servers.second.controlUrl).call('GET', '/readyz')).status).toBe(503)
    cutOff.mend()
    const before = await statusesUntil(async () => await servers.call(servers.second, key.token), 401)
    expect(before.filter((status) => status !== 503)).toEqual([])
  })

  test('a process that is paused with the write lock does not block the writes of the other', async () => {
    await using servers = await TwoServers.start(one)
    await using inspector = await connect(servers.databaseUrl)
    const second = servers.acme.at(servers.second.controlUrl)
    const pausedWrites: Promise<unknown>[] = []
    // Pauses the second process until it is caught in its turn.
    for (;;) {
      for (let index = 0; index < 40; index += 1) {
        pausedWrites.push(createKey(second).catch(() => undefined))
      }
      await inspector.until("exists (select 1 from pg_locks where locktype = 'advisory' and granted)")
      process.kill(servers.second.pid, 'SIGSTOP')
      if (await inspector.holdsIdleTurn()) break
      process.kill(servers.second.pid, 'SIGCONT')
    }
    const startedAtMs = performance.now()
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => await createKey(servers.acme)))
    expect(statuses).toEqual(statuses.map(() => 201))
    expect(performance.now() - startedAtMs).toBeLessThan(15_000)
    process.kill(servers.second.pid, 'SIGCONT')
    await Promise.all(pausedWrites)
  })
})

async function createKey(client: ApiClient): Promise<number> {
  const { status } = await client.call('POST', '/v1/organizations/acme/keys?wait=0', {
    name: 'written',
    type: 'secret',
  })
  return status
}

/** Looks at the locks of a database. */
interface Inspector extends AsyncDisposable {
  until(condition: string): Promise<void>
  /** Whether a connection holds the write lock without running a statement, and keeps it. */
  holdsIdleTurn(): Promise<boolean>
}

async function connect(url: string): Promise<Inspector> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const holds = async (condition: string): Promise<boolean> => {
    const { rows } = await client.query<{ met: boolean }>(`select (${condition}) as met`)
    return rows[0]?.met === true
  }
  const idle = `exists (select 1 from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and state = 'idle in transaction'
      and pg_locks.database = (select oid from pg_database where datname = current_database())
      and state_change < clock_timestamp() - interval '100 ms')`
  return {
    async until(condition) {
      while (!(await holds(condition)));
    },
    async holdsIdleTurn() {
      await client.query('select pg_sleep(0.2)')
      return await holds(idle)
    },
    async [Symbol.asyncDispose]() {
      await client.end()
    },
  }
}
