import { Agent, request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { constants, setPriority } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reserveCores } from '../../bench/cores.ts'
import { setUpAcme, textAt, type ApiClient } from '../support/api-client.ts'
import { RequestMeter, type MeteredRequest } from '../support/request-meter.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/server-process.ts'
import { UpstreamThread } from '../support/upstream-thread.ts'

/**
 * One organization at full tilt on each resource in turn, while another one sends ordinary requests. None of these may be
 * refused. The times are printed and not checked, because they depend on the machine.
 */

const REQUESTS = 300
const WARM_UP = 50
/** Each takes milliseconds of processor time. */
const UPLOADS = 120
/** Each takes tens of milliseconds of processor time. */
const PASSWORD_REQUESTS = 10
/** How long a hostile caller pauses after a refusal, in ms: it holds a resource, and is no flood of requests. */
const REFUSED_PAUSE_MS = 200
const MIB = 1024 * 1024
/** Takes a worker process until its time limit. */
const HEAVY = '($f := function($n){$f($n + 1)}; $f(0))'

interface Reply {
  readonly status: number
  readonly body: string
}

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const stack = new AsyncDisposableStack()
let server: ServerProcess
let acme: ApiClient
let hostile: ApiClient
/** The victim's, which the hostile organization uses only where they share it. */
let upstream: UpstreamThread
let hostileUpstream: UpstreamThread
let meter: RequestMeter
const hostileAgent = new Agent({ keepAlive: true, maxSockets: 5000 })

beforeAll(async () => {
  upstream = stack.use(await UpstreamThread.start())
  meter = stack.use(await RequestMeter.start())
  const folder = stack.use(await temporaryFolder())
  server = stack.use(await startServerProcess({ SALLYPORT_DATA: folder.path }))
  // Callers and upstreams are other machines in reality. Here they share one core, and the server may use all. On that
  // core the victim's threads go first, so that the test measures the server and not this process.
  reserveCores()
  setPriority(constants.priority.PRIORITY_LOW)
  hostileUpstream = stack.use(await UpstreamThread.start())
  acme = await setUpAcme(server)
  const created = await acme.must('POST', '/v1/organizations', { slug: 'hostile', name: 'Hostile' })
  hostile = acme.as(textAt(created, 'token'))
  const url = `http://127.0.0.1:${upstream.port}`
  await deploy(acme, 'acme', 'plain', [{ respond: { body: { ok: true } } }])
  await deploy(acme, 'acme', 'expression', [{ transform: { body: '{"sum": $sum([1,2,3])}' } }])
  await deploy(acme, 'acme', 'call', [{ call: { url: `${url}/quick` } }])
  await deploy(acme, 'acme', 'proxy', [{ proxy: { url: `${url}/quick` } }])
  await deploy(acme, 'acme', 'own-origin', [{ proxy: { url: `http://127.9.9.9:${upstream.port}/quick` } }])
  await deploy(acme, 'acme', 'upload', [{ transform: { body: '{"bytes": $length(body.text)}' } }])
  await deploy(acme, 'acme', 'basic', [{ respond: { body: { ok: true } } }], {
    authentication: { basic: true },
  })
})

afterAll(async () => {
  hostileAgent.destroy()
  await stack.disposeAsync()
})

/** Creates a pipeline at `/{name}` that demands no credential, and deploys it to `prod`. */
async function deploy(
  owner: ApiClient,
  organization: string,
  name: string,
  steps: readonly unknown[],
  trigger: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const root = `/v1/organizations/${organization}`
  const open = { kind: 'http', path: `/${name}`, limits: { requestBytes: 8 * MIB, timeoutMs: 120_000 } }
  await owner.must('POST', `${root}/pipelines`, { name, spec: { trigger: { ...open, ...trigger }, steps } })
  await owner.must('POST', `${root}/deployments`, { pipeline: name, version: '1.0', environment: 'prod' })
}

/** Sends one request of the hostile organization to the gateway. Status 0 is a broken connection. */
async function send(path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Reply> {
  const { promise, resolve } = Promise.withResolvers<Reply>()
  const request = httpRequest(
    server.gatewayUrl + path,
    { agent: hostileAgent, method, headers },
    (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
      response.on('error', () => resolve({ status: 0, body: '' }))
    },
  )
  request.on('error', () => resolve({ status: 0, body: '' }))
  request.end(body)
  return await promise
}

/** Sends the victim's requests, one after the other. @returns their times in ms, in ascending order */
async function measure(path: string, expected: number, requests: readonly Sent[]): Promise<number[]> {
  const url = server.gatewayUrl + path
  const replies = await meter.measure(requests.map((request): MeteredRequest => ({ url, ...request })))
  for (const { status, body } of replies) {
    expect(`${status} ${status === expected ? '' : body}`).toBe(`${expected} `)
  }
  return replies.map(({ ms }) => ms).sort((one, other) => one - other)
}

function quantile(times: readonly number[], share: number): number {
  return times[Math.ceil(times.length * share) - 1] ?? 0
}

function figures(times: readonly number[]): string {
  const at = (share: number): string => quantile(times, share).toFixed(2)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`
}

/** The victim's requests. */
interface VictimRequests {
  readonly expected?: number
  readonly count?: number
  readonly sent?: (index: number) => Sent
}

/** Measures the victim's requests before and during an attack, and prints both. */
async function compare(
  resource: string,
  path: string,
  attack: (signal: AbortSignal) => Promise<AsyncDisposable>,
  { expected = 200, count = REQUESTS, sent = () => ({}) }: VictimRequests = {},
): Promise<void> {
  const requests = (from: number): Sent[] => Array.from({ length: count }, (_, index) => sent(from + index))
  // The first ones are slower, because nothing was compiled or connected before.
  await measure(path, expected, requests(0).slice(0, WARM_UP))
  const quiet = await measure(path, expected, requests(count))
  const ending = new AbortController()
  await using running = await attack(ending.signal)
  try {
    const attacked = await measure(path, expected, requests(2 * count))
    const ratio = quantile(attacked, 0.99) / quantile(quiet, 0.99)
    console.log(
      `${resource}: quiet ${figures(quiet)}; attacked ${figures(attacked)}; p99 ratio ${ratio.toFixed(1)}`,
    )
  } finally {
    ending.abort()
    expect(running).toBeDefined()
  }
}

/** Sends requests without pause from so many hostile callers, until the signal. */
function flood(
  callers: number,
  signal: AbortSignal,
  one: (caller: number) => Promise<Reply>,
): AsyncDisposable {
  const loops = Array.from({ length: callers }, async (_, caller) => {
    while (!signal.aborted) {
      const { status } = await one(caller)
      await pause(status === 503 ? REFUSED_PAUSE_MS : 1)
    }
  })
  return {
    async [Symbol.asyncDispose]() {
      let isOver = false
      const over = Promise.all(loops).finally(() => (isOver = true))
      while (!isOver) {
        await Promise.all([upstream.release(), hostileUpstream.release()])
        await Promise.race([over, pause(20)])
      }
    },
  }
}

test('expressions: 28 heavy ones over 14 pipelines', async () => {
  for (let index = 0; index < 14; index += 1) {
    await deploy(hostile, 'hostile', `heavy-${index}`, [{ transform: { body: HEAVY } }])
  }
  await compare('expressions', '/acme/prod/expression', async (signal) => {
    const loops = flood(28, signal, (caller) => send(`/hostile/prod/heavy-${caller % 14}`))
    await pause(1500)
    return loops
  })
})

test('runs: 2 × 512 that hang', async () => {
  for (const name of ['hang-1', 'hang-2']) {
    await deploy(hostile, 'hostile', name, [
      { call: { url: `http://127.0.0.2:${hostileUpstream.port}/hang` } },
    ])
  }
  await compare('runs', '/acme/prod/call', async (signal) => {
    const loops = flood(1024, signal, (caller) => send(`/hostile/prod/hang-${1 + (caller % 2)}`))
    await expect.poll(() => hostileUpstream.held()).toBeGreaterThan(200)
    return loops
  })
})

test('connections: 600 requests that hang at a shared upstream', async () => {
  for (const name of ['shared-1', 'shared-2']) {
    await deploy(hostile, 'hostile', name, [{ proxy: { url: `http://127.0.0.1:${upstream.port}/hang` } }])
  }
  await compare('connections', '/acme/prod/proxy', async (signal) => {
    const loops = flood(600, signal, (caller) => send(`/hostile/prod/shared-${1 + (caller % 2)}`))
    await expect.poll(() => upstream.held()).toBeGreaterThan(256)
    return loops
  })
})

test('origins: 21 requests to 49 upstreams each', async () => {
  for (let index = 0; index < 21; index += 1) {
    const steps = Array.from({ length: 49 }, (_, step) => ({
      call: { url: `http://127.1.${index}.${step + 1}:${hostileUpstream.port}/quick` },
    }))
    await deploy(hostile, 'hostile', `origins-${index}`, steps)
  }
  await compare('origins', '/acme/prod/own-origin', async (signal) => {
    const paths = Array.from({ length: 21 }, (_, index) => `/hostile/prod/origins-${index}`)
    const first = await Promise.all(paths.map(async (path) => await send(path)))
    expect(first.map(({ status }) => status)).toEqual(paths.map(() => 200))
    return flood(4, signal, (caller) => send(paths[caller] ?? ''))
  })
})

test('held bytes and slow bodies: uploads that never end', async () => {
  await deploy(hostile, 'hostile', 'slow', [{ transform: { body: 'body' } }])
  await deploy(hostile, 'hostile', 'slow-file', [
    { proxy: { url: `http://127.0.0.1:${hostileUpstream.port}/quick` } },
  ])
  const text = JSON.stringify({ text: 'x'.repeat(MIB / 4) })
  const upload: Sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: text }
  await compare(
    'slow bodies',
    '/acme/prod/upload',
    async () => {
      const sockets: Socket[] = []
      for (let index = 0; index < 60; index += 1) {
        const socket = connect({ port: Number(new URL(server.gatewayUrl).port), host: '127.0.0.1' })
        socket.on('error', () => socket.destroy())
        socket.resume()
        sockets.push(socket)
        const name = index % 3 === 2 ? 'slow-file' : 'slow'
        const length = 6 * MIB
        socket.write(
          `POST /hostile/prod/${name} HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`,
        )
        socket.write(Buffer.alloc(length - 1, ' '))
      }
      const bytes = async (): Promise<number> =>
        Number(/run_content_bytes (\d+)/.exec((await send('/metrics')).body)?.[1] ?? 0)
      await expect.poll(bytes).toBeGreaterThan(64 * MIB)
      return {
        [Symbol.asyncDispose]: async () => {
          for (const socket of sockets) socket.destroy()
          await expect.poll(bytes).toBe(0)
        },
      }
    },
    { sent: () => upload, count: UPLOADS },
  )
})

test('password hashing: a flood of wrong passwords', async () => {
  await deploy(hostile, 'hostile', 'guess', [{ respond: {} }], { authentication: { basic: true } })
  const basic = (text: string): Sent => ({
    headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` },
  })
  let guesses = 0
  await compare(
    'passwords',
    '/acme/prod/basic',
    async (signal) => {
      const loops = flood(300, signal, () => send('/hostile/prod/guess', basic(`erp:${(guesses += 1)}`)))
      await pause(500)
      return loops
    },
    // Each is verified, which an unknown username is like any other.
    { expected: 401, count: PASSWORD_REQUESTS, sent: (index) => basic(`user:password ${index}`) },
  )
})

test('routes: redeploying pipelines with 101 routes each', { timeout: 180_000 }, async () => {
  const root = '/v1/organizations/hostile'
  const names = Array.from({ length: 60 }, (_, index) => `routes-${index}`)
  for (const name of names) {
    const routes = Array.from({ length: 100 }, (_, index) => `/${name}/${index}/:id`)
    await deploy(hostile, 'hostile', name, [{ respond: {} }], { routes })
  }
  await compare('routes', '/acme/prod/plain', async (signal) =>
    flood(2, signal, async (caller) => {
      const pipeline = names[caller * 30 + Math.floor(Math.random() * 30)]
      await hostile.call('POST', `${root}/deployments`, { pipeline, version: '1.0', environment: 'prod' })
      return await send(`/hostile/prod/${pipeline}/7/x`)
    }),
  )
})
