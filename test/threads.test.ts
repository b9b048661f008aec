import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUpAcme, textAt, type ApiClient } from './support/api-client.ts'
import { eventually } from './support/eventually.ts'
import { failedStartOutput } from './support/failed-start.ts'
import { publishPipeline, type PublishedPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { startUpstream, type Upstream } from './support/upstream.ts'

/*
 * A gateway with three threads. The system gives each new connection to one of them; with 40, one thread gets none in one of
 * three million runs.
 */

const THREADS = 3
const CONNECTIONS = 40
const ORGANIZATION = '/v1/organizations/acme'

interface Reply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Keeps one connection, and so one thread. */
class Connection implements Disposable {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  /** Sends a request. @returns its response, whose body is still to be read */
  async open(path: string, headers: Readonly<Record<string, string>> = {}): Promise<IncomingMessage> {
    const sent = request(this.#url + path, { agent: this.#agent, headers })
    sent.end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    // A connection that is cut also ends its request with an error.
    sent.on('error', () => {})
    return response
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const response = await this.open(path, headers)
    return { status: response.statusCode ?? 0, headers: response.headers, body: await textOf(response) }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}

/** Answers `/open` with a part of a body that does not end, and anything else with a text. */
async function startOpenUpstream(): Promise<Upstream> {
  return await startUpstream((asked, response) => {
    if (asked.url === '/open') response.write('begun')
    else response.end('hello')
  })
}

let server: ServerProcess
let acme: ApiClient
let upstream: Upstream
let connections: readonly Connection[]
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  upstream = parts.use(await startOpenUpstream())
  server = parts.use(
    await startServerProcess({
      SALLYPORT_DATA: parts.use(await temporaryFolder()).path,
      SALLYPORT_GATEWAY_THREADS: String(THREADS),
      SALLYPORT_ACCESS_LOG: 'all',
    }),
  )
  acme = await setUpAcme(server)
  connections = Array.from({ length: CONNECTIONS }, () => parts.use(new Connection(server.gatewayUrl)))
})
afterAll(async () => await parts.disposeAsync())

/** Sends a request on each connection. */
async function onEach(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply[]> {
  return await Promise.all(connections.map(async (connection) => await connection.get(path, headers)))
}

function keyOf({ token }: Pick<PublishedPipeline, 'token'>): Record<string, string> {
  return { 'x-api-key': token }
}

function statuses(replies: readonly Reply[]): number[] {
  return [...new Set(replies.map(({ status }) => status))].toSorted((one, other) => one - other)
}

/** How many sockets listen on a port of 127.0.0.1 (proc_net_tcp of Linux: state 0A). */
async function listeningSockets(port: number): Promise<number> {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n')
  return lines.filter((line) => new RegExp(`: ${address} \\S+ 0A `).test(line)).length
}

describe('a gateway with three threads', () => {
  test('listens with each of them on one port, and is one gateway to those who manage it', async () => {
    expect(await listeningSockets(Number(new URL(server.gatewayUrl).port))).toBe(THREADS)
    const { items } = await acme.must('GET', `${ORGANIZATION}/gateways`)
    expect(items).toMatchObject([{ threads: THREADS, stale: false }])
  })

  test('lets a caller in on every connection as soon as a deployment is confirmed, and refuses a deleted key on every one', async () => {
    const orders = await publishPipeline(acme, 'orders', upstream.url)
    expect(statuses(await onEach(orders.path, keyOf(orders)))).toEqual([200])
    for (let round = 0; round < 5; round += 1) {
      const consumer = await acme.must('POST', `${ORGANIZATION}/consumers?wait=30`, {
        name: `round-${round}`,
        environment: 'prod',
        pipelines: ['orders'],
      })
      const token = { token: textAt(consumer, 'token') }
      expect(statuses(await onEach(orders.path, keyOf(token)))).toEqual([200])
      const path = `${ORGANIZATION}/keys/${textAt(consumer, 'key', 'id')}`
      const { receipt } = await acme.must('DELETE', `${path}?wait=30`)
      expect(receipt).toMatchObject({ confirmed: true })
      const after = await onEach(orders.path, keyOf(token))
      expect(after.map(({ body }) => (JSON.parse(body) as { code: string }).code)).toEqual(
        Array.from({ length: CONNECTIONS }, () => 'key_deleted'),
      )
    }
  })

  test('admits exactly what a limit says over all connections', async () => {
    const limited = await publishPipeline(acme, 'limited', upstream.url, {
      rateLimits: [{ requests: 70, per: 'month', by: 'credential' }],
    })
    const replies = (
      await Promise.all(Array.from({ length: 4 }, async () => await onEach(limited.path, keyOf(limited))))
    ).flat()
    expect(statuses(replies)).toEqual([200, 429])
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(70)
  })

  test('counts each request once: in metrics, in usage and among the recent ones', async () => {
    const counted = await publishPipeline(acme, 'counted', upstream.url)
    for (let round = 0; round < 3; round += 1) await onEach(counted.path, keyOf(counted))
    const expected = 3 * CONNECTIONS
    await eventually(async () => {
      const series =
        /http_server_request_duration_seconds_count\{[^}]*http_route="\/acme\/prod\/counted"[^}]*\} (\d+)/g
      for (const { body } of await onEach('/metrics'))
        expect([...body.matchAll(series)].map(([, count]) => Number(count))).toEqual([expected])
    })
    await eventually(async () => {
      const usage = await acme.must('GET', `${ORGANIZATION}/usage?groupBy=pipeline&pipeline=counted`)
      const sums = (usage['items'] as unknown as { allowed: number }[]).map(({ allowed }) => allowed)
      expect(sums.reduce((sum, allowed) => sum + allowed, 0)).toBe(expected)
    })
    const ids = new Set<string>()
    const times: string[] = []
    for (let cursor = ''; ;) {
      const page = await acme.must('GET', `${ORGANIZATION}/requests?pipeline=counted&limit=17${cursor}`)
      for (const item of page['items'] as unknown as { requestId: string; at: string }[]) {
        ids.add(item.requestId)
        times.push(item.at)
      }
      const next: unknown = page['next']
      if (typeof next !== 'string') break
      cursor = `&cursor=${encodeURIComponent(next)}`
    }
    expect(times).toHaveLength(expected)
    expect(ids.size).toBe(expected)
  })

  test('ends open responses on every connection when their key is switched off', async () => {
    const open = await publishPipeline(acme, 'open', `${upstream.url}/open`)
    const responses = await Promise.all(
      connections.map(async (connection) => await connection.open(open.path, keyOf(open))),
    )
    expect(responses.map(({ statusCode }) => statusCode)).toEqual(responses.map(() => 200))
    await eventually(async () => {
      const [gateway] = (await acme.must('GET', `${ORGANIZATION}/gateways`))['items'] as unknown as {
        openExchanges: number
      }[]
      expect(gateway?.openExchanges).toBe(CONNECTIONS)
    })
    const ended = Promise.all(
      responses.map(async (response) => {
        await new Promise<void>((resolve) =>
          response
            .once('close', resolve)
            .on('error', () => {})
            .resume(),
        )
        return response.complete
      }),
    )
    await acme.must('PATCH', `${ORGANIZATION}/keys/${open.keyId}?wait=30`, { status: 'inactive' })
    expect(await ended).toEqual(responses.map(() => false))
  })

  test('verifies passwords and evaluates expressions in every thread', async () => {
    await acme.must('POST', `${ORGANIZATION}/pipelines`, {
      name: 'steps',
      spec: {
        trigger: { kind: 'http', path: '/steps', authentication: { basic: true } },
        steps: [{ transform: { body: '{ "sum": 1 + 1 }' } }],
      },
    })
    await acme.must('POST', `${ORGANIZATION}/deployments`, {
      pipeline: 'steps',
      version: '1.0',
      environment: 'prod',
    })
    const consumer = await acme.must('POST', `${ORGANIZATION}/consumers`, {
      name: 'clerk',
      environment: 'prod',
      pipelines: ['steps'],
    })
    const credential = await acme.must(
      'POST',
      `${ORGANIZATION}/consumers/${textAt(consumer, 'consumer', 'id')}/basic-credentials?wait=30`,
      { username: 'clerk' },
    )
    const basic = (password: string): Record<string, string> => ({
      authorization: `Basic ${Buffer.from(`clerk:${password}`).toString('base64')}`,
    })
    const replies = await onEach('/acme/prod/steps', basic(textAt(credential, 'password')))
    expect(statuses(replies)).toEqual([200])
    expect(new Set(replies.map(({ body }) => body))).toEqual(new Set(['{"sum":2}']))
    expect(statuses(await onEach('/acme/prod/steps', basic('another one')))).toEqual([401])
  })

  test('writes whole lines to its log', async () => {
    const marked = await publishPipeline(acme, 'marked', upstream.url)
    await onEach(marked.path, keyOf(marked))
    await eventually(() => {
      const lines = server.output.stderr.trimEnd().split('\n')
      const records = lines.map((line) => JSON.parse(line) as { pipeline?: string })
      expect(records.filter(({ pipeline }) => pipeline === 'marked')).toHaveLength(CONNECTIONS)
    })
  })

  test('keeps its port from another process, also from one with several threads', async () => {
    await using folder = await temporaryFolder()
    const { port } = new URL(server.gatewayUrl)
    const output = await failedStartOutput({
      SALLYPORT_DATA: folder.path,
      SALLYPORT_GATEWAY_PORT: port,
      SALLYPORT_GATEWAY_THREADS: String(THREADS),
    })
    expect(output).toContain(`Port ${port} on 127.0.0.1 is in use by another process`)
  })
})

test('a gateway with several threads stops in order, and loses no count', async () => {
  await using stack = new AsyncDisposableStack()
  const settings = {
    SALLYPORT_DATA: stack.use(await temporaryFolder()).path,
    SALLYPORT_GATEWAY_THREADS: String(THREADS),
  }
  const first = stack.use(await startServerProcess(settings))
  const client = await setUpAcme(first)
  const hello = await publishPipeline(client, 'hello', upstream.url)
  const own = Array.from({ length: CONNECTIONS }, () => stack.use(new Connection(first.gatewayUrl)))
  const replies = await Promise.all(own.map(async (one) => await one.get(hello.path, keyOf(hello))))
  expect(statuses(replies)).toEqual([200])
  expect(await first.stop('SIGTERM')).toBe(0)
  const again = stack.use(await startServerProcess(settings))
  const usage = await client.at(again.controlUrl).must('GET', `${ORGANIZATION}/usage?groupBy=pipeline`)
  const sums = (usage['items'] as unknown as { allowed: number }[]).map(({ allowed }) => allowed)
  expect(sums.reduce((sum, allowed) => sum + allowed, 0)).toBe(CONNECTIONS)
})
