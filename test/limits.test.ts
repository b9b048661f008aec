import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from './services/postgres.ts'
import { startValkey, type TestValkey } from './services/valkey.ts'
import { setUpAcme, type ApiClient } from './support/api-client.ts'
import { eventually } from './support/eventually.ts'
import { failedStart } from './support/failed-start.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

/*
 * Limits that three servers on one PostgreSQL share over one Valkey or Redis.
 */

const PASSWORD = 'hunter2-of-the-store'

interface Limited {
  readonly path: string
  readonly token: string
  readonly requests: number
}

interface Answer {
  readonly status: number
  readonly rateLimit: string
}

/** Three servers with the same store of limits. */
interface Fleet extends AsyncDisposable {
  readonly servers: readonly ServerProcess[]
  readonly valkey: TestValkey
  /** Publishes a pipeline with a limit for each key, and a key that may call it. */
  readonly limited: (requests: number, per: string) => Promise<Limited>
  /** Ends a server at once, and starts it anew. */
  readonly restart: (index: number) => Promise<void>
}

async function startFleet(limits: Readonly<Record<string, string>>): Promise<Fleet> {
  await using stack = new AsyncDisposableStack()
  const databaseUrl = stack.use(await openTestDatabase()).url
  const valkey = stack.use(await startValkey(['--requirepass', PASSWORD], PASSWORD))
  const upstream = stack.use(await startEchoUpstream())
  const folder = stack.use(await temporaryFolder())
  const settings = {
    SALLYPORT_DATA: folder.path,
    SALLYPORT_DATABASE_URL: databaseUrl,
    SALLYPORT_LIMITS_URL: valkey.url,
    // A machine that is busy with other suites can hold a process up.
    SALLYPORT_LEASE_SECONDS: '300',
    ...limits,
  }
  const first = stack.use(await startServerProcess(settings))
  const acme: ApiClient = await setUpAcme(first)
  const servers = [first]
  for (const _ of [1, 2]) servers.push(stack.use(await startServerProcess(settings)))
  let pipelines = 0
  const parts = stack.move()
  return {
    servers,
    valkey,
    async limited(requests, per) {
      pipelines += 1
      const rateLimits = [{ requests, per, by: 'credential' }]
      const { path, token } = await publishPipeline(acme, `orders-${pipelines}`, upstream.url, { rateLimits })
      const pipeline = { path, token, requests }
      // A call without a key is counted by nothing, and shows that all servers have the pipeline.
      for (const server of servers) {
        await eventually(async () => expect((await fetch(server.gatewayUrl + path)).status).toBe(401))
      }
      return pipeline
    },
    async restart(index) {
      await servers[index]?.stop('SIGKILL')
      servers[index] = parts.use(await startServerProcess(settings))
    },
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}

async function call(
  server: ServerProcess | undefined,
  { path, token }: Limited,
  entrance = '',
): Promise<Answer> {
  const url = `${server?.gatewayUrl ?? ''}${entrance}${path}`
  const response = await fetch(url, { headers: { 'x-api-key': token } })
  await response.arrayBuffer()
  return { status: response.status, rateLimit: response.headers.get('ratelimit') ?? '' }
}

/** Calls each server `count` times, as many at a time as the client has connections. */
async function callAll(
  servers: readonly ServerProcess[],
  limited: Limited,
  count: number,
): Promise<Answer[]> {
  const calls = servers.flatMap((server) =>
    Array.from({ length: count }, async () => await call(server, limited)),
  )
  return await Promise.all(calls)
}

function allowed(answers: readonly Answer[]): number {
  expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 429)).toEqual([])
  return answers.filter(({ status }) => status === 200).length
}

async function metric(server: ServerProcess | undefined, name: string): Promise<number> {
  const text = await (await fetch(`${server?.gatewayUrl ?? ''}/metrics`)).text()
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1),
  )
}

const DOWN = 'the store of limits (SALLYPORT_LIMITS_URL) does not answer'
const UP = 'the store of limits answers again'

/** How often a server has logged that its store went away, and that it came back. */
function logged({ output }: ServerProcess): { readonly down: number; readonly up: number } {
  const count = (text: string): number => output.stderr.split(text).length - 1
  return { down: count(DOWN), up: count(UP) }
}

/** Waits until every server counts alone, or none does. */
async function untilStore(isUp: boolean, servers: readonly ServerProcess[]): Promise<void> {
  for (const server of servers) {
    await eventually(async () => expect(await metric(server, 'sallyport_limits_store_up')).toBe(Number(isUp)))
  }
}

describe('three servers in exact mode', () => {
  let fleet: Fleet

  beforeAll(async () => {
    // Longer than by default, because the machine may be busy for a while.
    fleet = await startFleet({ SALLYPORT_LIMITS_MODE: 'exact', SALLYPORT_LIMITS_WAIT_MS: '5000' })
  })
  afterAll(async () => await fleet[Symbol.asyncDispose]())

  test('admit exactly the limit together, at the gateway and at /authz', async () => {
    const limited = await fleet.limited(300, 'month')
    const answers = await callAll(fleet.servers, limited, 200)
    expect(allowed(answers)).toBe(300)
    expect(answers.filter(({ rateLimit }) => rateLimit.includes('alone'))).toEqual([])
    for (const server of fleet.servers) {
      expect((await call(server, limited, '/authz')).status).toBe(429)
    }
  })

  test('admit one request too few nowhere: the last of the limit is allowed', async () => {
    const limited = await fleet.limited(4, 'month')
    const [one, two, three] = fleet.servers
    const answers = []
    for (const server of [one, two, three, one]) answers.push(await call(server, limited, '/authz'))
    expect(answers).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }, { status: 200 }])
    expect(answers.map(({ rateLimit }) => /r=(\d+)/.exec(rateLimit)?.[1])).toEqual(['3', '2', '1', '0'])
    expect((await call(two, limited)).status).toBe(429)
  })

  test('forget nothing when they start again', async () => {
    const limited = await fleet.limited(5, 'month')
    expect(allowed(await callAll(fleet.servers, limited, 4))).toBe(5)
    await fleet.restart(2)
    expect((await call(fleet.servers[2], limited)).status).toBe(429)
  })

  test('count alone while the store is away, refuse nothing for it, and share again when it is back', async () => {
    const { servers, valkey } = fleet
    const [usedUp, open] = [await fleet.limited(6, 'month'), await fleet.limited(1000, 'month')]
    expect(allowed(await callAll(servers, usedUp, 4))).toBe(6)
    for (const server of servers) expect((await call(server, usedUp)).status).toBe(429)
    expect((await call(servers[0], open)).status).toBe(200)
    const before = servers.map(logged)

    await valkey.kill()
    await untilStore(false, servers)
    const alone = await callAll(servers, open, 10)
    expect(allowed(alone)).toBe(30)
    expect(new Set(alone.map(({ rateLimit }) => rateLimit.endsWith(';sallyport-alone')))).toEqual(
      new Set([true]),
    )
    // Each knows what the store said last.
    for (const server of servers) expect((await call(server, usedUp)).status).toBe(429)

    // Its data is lost.
    await valkey.start()
    await untilStore(true, servers)
    expect(allowed(await callAll(servers, usedUp, 2))).toBe(0)
    const { rateLimit } = await call(servers[1], open)
    // What was counted meanwhile is added up; of what the store has lost, the most that one of them knows is restored.
    expect(rateLimit).toMatch(/r=96[89];/)
    expect(rateLimit).not.toContain('alone')
    const once = before.map(({ down, up }) => ({ down: down + 1, up: up + 1 }))
    await eventually(() => expect(servers.map(logged)).toEqual(once))
    for (const server of servers) expect(JSON.stringify(server.output)).not.toContain(PASSWORD)
  })
})

describe('three servers in local mode', () => {
  const REQUESTS = 60
  let fleet: Fleet

  beforeAll(async () => {
    fleet = await startFleet({ SALLYPORT_LIMITS_WAIT_MS: '5000' })
  })
  afterAll(async () => await fleet[Symbol.asyncDispose]())

  test('admit a burst as one would, then at most the limit each, and then nothing until that has drained', async () => {
    const limited = await fleet.limited(REQUESTS, 'month')
    const [first, ...others] = fleet.servers
    expect(allowed(await callAll(fleet.servers.slice(0, 1), limited, REQUESTS))).toBe(REQUESTS)
    expect((await call(first, limited)).status).toBe(429)
    // The others hear of it within two periods.
    for (const server of others) {
      await eventually(async () => expect((await call(server, limited)).status).toBe(429))
    }
    const both = await fleet.limited(REQUESTS, 'month')
    const total = allowed(await callAll(fleet.servers, both, 2 * REQUESTS))
    expect(total).toBeGreaterThanOrEqual(REQUESTS)
    expect(total).toBeLessThanOrEqual(3 * REQUESTS)
    for (const server of fleet.servers) {
      await eventually(async () => expect((await call(server, both)).status).toBe(429))
    }
    expect(allowed(await callAll(fleet.servers, both, 30))).toBe(0)
  })

  test('admit little more than the limit when the requests take turns', async () => {
    const limited = await fleet.limited(100, 'month')
    let admitted = 0
    for (let round = 0; round < 80; round += 1) {
      admitted += allowed(await callAll(fleet.servers, limited, 1))
      await pause(100)
    }
    expect(admitted).toBeGreaterThanOrEqual(100)
    // What comes within two seconds, five times what the bound has by default: the machine may be busy. Alone, they would admit 240.
    expect(admitted).toBeLessThanOrEqual(100 + 60)
  })

  test('forget nothing when they start again', async () => {
    const limited = await fleet.limited(5, 'month')
    expect(allowed(await callAll(fleet.servers.slice(0, 1), limited, 7))).toBe(5)
    await eventually(async () => expect((await call(fleet.servers[2], limited)).status).toBe(429))
    await fleet.restart(2)
    expect((await call(fleet.servers[2], limited)).status).toBe(429)
  })

  test('count alone while the store is away, and share again when it is back', async () => {
    const { servers, valkey } = fleet
    const limited = await fleet.limited(REQUESTS, 'month')
    await valkey.kill()
    await untilStore(false, servers)
    expect(allowed(await callAll(servers, limited, 60))).toBe(180)
    await valkey.start()
    await untilStore(true, servers)
    // Together they had allowed more than the limit.
    for (const server of servers) {
      await eventually(async () => expect((await call(server, limited)).status).toBe(429))
    }
  })
})

describe('a server whose store', () => {
  /** A server alone, on SQLite. */
  async function startOne(limits: Readonly<Record<string, string>>, valkey: TestValkey) {
    await using stack = new AsyncDisposableStack()
    const upstream = stack.use(await startEchoUpstream())
    const folder = stack.use(await temporaryFolder())
    const server = stack.use(
      await startServerProcess({
        SALLYPORT_DATA: folder.path,
        SALLYPORT_LIMITS_URL: valkey.url,
        SALLYPORT_LIMITS_MODE: 'exact',
        ...limits,
      }),
    )
    const acme = await setUpAcme(server)
    const rateLimits = [{ requests: 10_000, per: 'month', by: 'credential' }]
    const { path, token } = await publishPipeline(acme, 'orders', upstream.url, { rateLimits })
    const parts = stack.move()
    return {
      server,
      limited: { path, token, requests: 10_000 },
      [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
    }
  }

  test('hangs waits for it once, decides by itself, and asks it again when it goes on', async () => {
    await using valkey = await startValkey()
    await using one = await startOne({ SALLYPORT_LIMITS_WAIT_MS: '1000' }, valkey)
    expect((await call(one.server, one.limited)).status).toBe(200)
    valkey.signal('SIGSTOP')
    const waited = await callAll([one.server], one.limited, 5)
    expect(allowed(waited)).toBe(5)
    expect(waited.map(({ rateLimit }) => rateLimit.endsWith(';sallyport-alone'))).not.toContain(false)
    await untilStore(false, [one.server])
    expect((await call(one.server, one.limited)).status).toBe(200)
    valkey.signal('SIGCONT')
    await untilStore(true, [one.server])
    // What was asked in vain may have been counted, what was decided alone was.
    const { rateLimit } = await call(one.server, one.limited)
    expect(Number(/r=(\d+)/.exec(rateLimit)?.[1])).toBeLessThanOrEqual(9_992)
  })

  test('is full, only reads, or forgets its scripts refuses nothing', async () => {
    await using valkey = await startValkey()
    await using one = await startOne({ SALLYPORT_LIMITS_WAIT_MS: '5000' }, valkey)
    await valkey.command('SCRIPT FLUSH')
    expect((await call(one.server, one.limited)).rateLimit).not.toContain('alone')
    for (const [broken, mended] of [
      ['CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0'],
      ['REPLICAOF 127.0.0.1 1', 'REPLICAOF NO ONE'],
    ] as const) {
      await valkey.command(broken)
      expect(await call(one.server, one.limited)).toMatchObject({
        status: 200,
        rateLimit: expect.stringContaining('alone') as string,
      })
      await untilStore(false, [one.server])
      await valkey.command(mended)
      await untilStore(true, [one.server])
    }
    await eventually(() => expect(logged(one.server)).toEqual({ down: 2, up: 2 }))
  })

  test('is not there starts, and counts alone', async () => {
    await using valkey = await startValkey()
    await valkey.kill()
    await using one = await startOne({ SALLYPORT_LIMITS_WAIT_MS: '5000' }, valkey)
    expect(await call(one.server, one.limited)).toMatchObject({
      status: 200,
      rateLimit: expect.stringContaining('alone') as string,
    })
    await eventually(() => expect(logged(one.server)).toEqual({ down: 1, up: 0 }))
    await valkey.start()
    await untilStore(true, [one.server])
    expect((await call(one.server, one.limited)).rateLimit).toMatch(/r=9998;t=\d+$/)
  })

  test('refuses the password does not start, and says which setting to correct', async () => {
    await using valkey = await startValkey(['--requirepass', PASSWORD], PASSWORD)
    await using folder = await temporaryFolder()
    const { code, stderr } = await failedStart({
      SALLYPORT_DATA: folder.path,
      SALLYPORT_LIMITS_URL: valkey.url.replace(PASSWORD, 'another-password'),
    })
    expect(code).not.toBe(0)
    expect(stderr).toContain('SALLYPORT_LIMITS_URL: The store of limits refuses this server: WRONGPASS')
    expect(stderr).not.toContain('another-password')
  })
})
