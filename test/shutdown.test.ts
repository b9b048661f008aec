import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { RawConnection } from '../packages/server/src/gateway/testing/raw-connection.ts'
import { setUpAcme, textAt, type ApiClient } from './support/api-client.ts'
import { hangingDisk } from './support/hanging-disk.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { startUpstream } from './support/upstream.ts'
import { SERVER_PROGRAM } from './support/server-program.ts'
import { eventually } from './support/eventually.ts'

const END_MS_MAX = 10_000

/** A connection that records a reset, which `RawConnection` takes as an ordinary end. */
interface WatchedConnection {
  readonly raw: RawConnection
  readonly errors: readonly Error[]
}

async function open(url: string, stack: AsyncDisposableStack): Promise<WatchedConnection> {
  const raw = stack.use(await RawConnection.open(Number(new URL(url).port)))
  const errors: Error[] = []
  raw.socket.on('error', (error) => errors.push(error))
  // Closes like an ordinary client once the server has closed.
  raw.socket.on('end', () => raw.socket.end())
  return { raw, errors }
}

function get(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${lines.join('')}\r\n`
}

/** The status and the `Connection` header of each response. */
function answers(text: string): string[] {
  return text
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((part) => part !== '')
    .map((part) => {
      const status = part.slice(9, 12)
      const connection = /^connection: (\S+)\r$/im.exec(part)?.[1]?.toLowerCase() ?? 'none'
      return `${status} ${connection}`
    })
}

/** The token of a new owner key, for requests that no HTTP client would send. */
async function newOwnerToken(acme: ApiClient): Promise<string> {
  const key = { name: 'raw', type: 'secret', roles: ['owner'] }
  return textAt(await acme.must('POST', '/v1/organizations/acme/keys', key), 'token')
}

/** Sends SIGTERM and waits until the server has begun to stop. */
async function beginStop(server: ServerProcess): Promise<{ readonly ended: Promise<number | null> }> {
  const ended = server.stop('SIGTERM')
  await eventually(() => expect(server.output.stderr).toContain('shutting down'))
  return { ended }
}

test('after SIGTERM both ports answer what is under way, and close each connection with its last answer', async () => {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const held: ServerResponse[] = []
  const upstream = stack.use(await startUpstream((_, response) => void held.push(response)))
  const server = stack.use(await startServerProcess({ SALLYPORT_DATA: folder.path }))
  const acme = await setUpAcme(server)
  const owner = await newOwnerToken(acme)
  const slow = await publishPipeline(acme, 'slow', `${upstream.url}/slow`)
  const call = get(slow.path, { 'x-api-key': slow.token })

  // Requests under way on the gateway: one alone, one with another behind it, and one with a fast request behind it.
  const single = await open(server.gatewayUrl, stack)
  const pipelined = await open(server.gatewayUrl, stack)
  const mixed = await open(server.gatewayUrl, stack)
  single.raw.send(call)
  pipelined.raw.send(call + call)
  mixed.raw.send(call + get('/healthz'))
  await eventually(() => expect(held).toHaveLength(3))

  // Requests under way on the control plane, which has the half of each body.
  const body = JSON.stringify({ name: 'shop' })
  const post = (name: string): string =>
    `POST /v1/organizations/acme/projects HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${owner}\r\n` +
    `content-type: application/json\r\ncontent-length: ${body.length}\r\nx-request-id: ${name}\r\n\r\n`
  const creating = await open(server.controlUrl, stack)
  creating.raw.send(post('creating') + body.slice(0, 5))

  // Idle connections, each of which has already had an answer.
  const idle = await Promise.all(
    [server.gatewayUrl, server.controlUrl].map(async (url) => {
      const connection = await open(url, stack)
      connection.raw.send(get('/readyz'))
      await connection.raw.until('"ready":true')
      return connection
    }),
  )

  const sinceMs = performance.now()
  const { ended } = await beginStop(server)
  for (const { raw } of idle) raw.send(get('/readyz'))
  creating.raw.send(body.slice(5))
  for (const { raw } of idle) await raw.closed()
  for (const response of held) response.end('complete')
  for (const { raw } of [single, pipelined, mixed, creating]) await raw.closed()
  expect(await ended).toBe(0)
  expect(performance.now() - sinceMs).toBeLessThan(END_MS_MAX)

  expect(answers(single.raw.text)).toEqual(['200 close'])
  // A request that waited behind another has not begun, so its caller can send it again elsewhere.
  expect(answers(pipelined.raw.text)).toEqual(['200 close'])
  expect(answers(mixed.raw.text)).toEqual(['200 close'])
  expect(held).toHaveLength(3)
  expect(answers(creating.raw.text)).toEqual(['201 close'])
  for (const { raw } of idle) {
    const [first, second, ...rest] = answers(raw.text)
    expect([first, rest]).toEqual(['200 keep-alive', []])
    // On a machine too busy to send within the moment for idle connections, the connection has ended without an answer.
    if (second !== undefined) {
      expect(second).toBe('503 close')
      expect(raw.text).toContain('"reason":"stopping"')
    }
  }
  for (const { errors } of [single, pipelined, mixed, creating, ...idle]) expect(errors).toEqual([])
})

test('SIGTERM ends an idle server in time, although clients keep their connections', async () => {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const server = stack.use(await startServerProcess({ SALLYPORT_DATA: folder.path }))
  const connections = await Promise.all(
    [server.gatewayUrl, server.controlUrl].map(async (url) => {
      const connection = await open(url, stack)
      connection.raw.send(get('/healthz'))
      await connection.raw.until('alive')
      return connection
    }),
  )
  const sinceMs = performance.now()
  expect(await server.stop('SIGTERM')).toBe(0)
  expect(performance.now() - sinceMs).toBeLessThan(END_MS_MAX / 2)
  for (const { raw, errors } of connections) {
    await raw.closed()
    expect(errors).toEqual([])
  }
})

test('/readyz of the control plane says that the database is down, and that of the gateway that the snapshot is too old', async () => {
  const { startPostgres } = await import('./services/postgres-server.ts')
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  await using outage = new AsyncDisposableStack()
  const postgres = outage.use(await startPostgres())
  const server = stack.use(
    await startServerProcess({
      SALLYPORT_DATA: folder.path,
      SALLYPORT_DATABASE_URL: postgres.url,
      SALLYPORT_MAX_STALENESS_SECONDS: '3',
    }),
  )
  const ready = async (url: string): Promise<unknown> => {
    const response = await fetch(`${url}/readyz`)
    const answer = (await response.json()) as Record<string, unknown>
    return [response.status, answer['ready'], answer['reason']]
  }
  expect(await ready(server.controlUrl)).toEqual([200, true, undefined])
  expect(await ready(server.gatewayUrl)).toEqual([200, true, undefined])
  await outage.disposeAsync()
  await eventually(async () => {
    expect(await ready(server.controlUrl)).toEqual([503, false, 'database_unavailable'])
    expect(await ready(server.gatewayUrl)).toEqual([503, false, 'snapshot_stale'])
    expect((await fetch(`${server.gatewayUrl}/acme/prod/orders`)).status).toBe(503)
  })
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends the start-up work at once', async (signal) => {
  await using folder = await temporaryFolder()
  // Accepts the connection of the server's start, and never responds.
  const connected = Promise.withResolvers<Socket>()
  const silent = createServer((socket) => {
    socket.on('error', () => undefined)
    connected.resolve(socket)
  }).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const child = spawn(process.execPath, [SERVER_PROGRAM, 'serve'], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      SALLYPORT_DATA: folder.path,
      SALLYPORT_PORT: '0',
      SALLYPORT_GATEWAY_PORT: '0',
      SALLYPORT_DATABASE_URL: `postgres://me:secret@127.0.0.1:${port}/mine`,
    },
  })
  try {
    const socket = await connected.promise
    const sinceMs = performance.now()
    child.kill(signal)
    const [code, endedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    // The wait for the database takes 5 s.
    expect(performance.now() - sinceMs).toBeLessThan(3000)
    expect([code, endedBy]).toEqual([null, signal])
    socket.destroy()
  } finally {
    child.kill('SIGKILL')
    silent.close()
  }
})

test('a project created during the shutdown is stored', async () => {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const first = stack.use(await startServerProcess({ SALLYPORT_DATA: folder.path }))
  const acme = await setUpAcme(first)
  const owner = await newOwnerToken(acme)
  const body = JSON.stringify({ name: 'shop' })
  const creating = await open(first.controlUrl, stack)
  creating.raw.send(
    `POST /v1/organizations/acme/projects HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${owner}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n{`,
  )
  // The control plane has read the request once it answers one that was sent after it.
  await acme.must('GET', '/v1/whoami')
  const { ended } = await beginStop(first)
  creating.raw.send(body.slice(1))
  expect(answers(await creating.raw.closed())).toEqual(['201 close'])
  expect(await ended).toBe(0)
  const second = stack.use(await startServerProcess({ SALLYPORT_DATA: folder.path }))
  const response = await fetch(`${second.controlUrl}/v1/organizations/acme/projects/shop`, {
    headers: { authorization: `Bearer ${owner}` },
  })
  expect(textAt((await response.json()) as Record<string, unknown>, 'name')).toBe('shop')
})

test('SIGTERM ends the server in time, although a commit waits for a disk that hangs', async () => {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const disk = hangingDisk(folder.path)
  const settings = { ...disk.settings, SALLYPORT_DATA: join(folder.path, 'data') }
  const server = stack.use(await startServerProcess(settings))
  const acme = await setUpAcme(server)
  const owner = await newOwnerToken(acme)
  await acme.must('POST', '/v1/organizations/acme/projects', { name: 'before' })
  await disk.hang()
  const cut = acme.call('POST', '/v1/organizations/acme/projects', { name: 'during' }).then(
    ({ status }) => status,
    () => 'cut off',
  )
  await eventually(() => expect(disk.isHanging()).toBe(true))
  const ended = server.stop('SIGTERM').then(() => 'ended')
  expect(await Promise.race([ended, setTimeout(END_MS_MAX, 'still running')])).toBe('ended')
  expect(server.output.stderr).toContain('The shutdown took longer than 9.5 s, so')
  expect(await cut).toBe('cut off')

  await disk.mend()
  const next = stack.use(await startServerProcess(settings))
  const projects = await fetch(`${next.controlUrl}/v1/organizations/acme/projects`, {
    headers: { authorization: `Bearer ${owner}` },
  })
  const text = await projects.text()
  expect(text).toContain('"before"')
  expect(text).not.toContain('"during"')
})
