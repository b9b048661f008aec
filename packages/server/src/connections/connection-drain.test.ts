import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { expect, test, vi } from 'vitest'
import { RawConnection } from '../gateway/testing/raw-connection.ts'
import { ConnectionDrain } from './connection-drain.ts'
import { eventually } from '../../../../test/support/eventually.ts'

const GRACE_MS = 10_000

/** A server that answers `/fast` at once and holds every other request. */
async function startHolding() {
  const held = new Map<string, ServerResponse>()
  const processed: string[] = []
  const server = createServer({ keepAliveTimeout: 60_000 })
  const drain = new ConnectionDrain(server)
  server.on('request', (request, response) => {
    if (drain.isDraining && !drain.admits(response)) return
    const url = request.url ?? ''
    processed.push(url)
    if (url === '/fast') response.end('fast')
    else held.set(url, response)
    if (!response.writableEnded || response.socket === null) drain.began(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const force = vi.fn<() => void>(() => server.closeAllConnections())
  return {
    port,
    processed,
    force,
    drain: () => drain.drain(GRACE_MS, force),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
    /** Waits until the server holds a request. */
    async held(url: string): Promise<ServerResponse> {
      return await eventually(() => {
        const response = held.get(url)
        if (response === undefined) throw new Error(`${url} has not arrived`)
        return response
      })
    },
  }
}

/** A connection that fails the test if it is reset. */
async function open(port: number): Promise<RawConnection & { readonly errors: readonly Error[] }> {
  const errors: Error[] = []
  const connection = await RawConnection.open(port)
  connection.socket.on('error', (error) => errors.push(error))
  return Object.assign(connection, { errors })
}

const ask = (url: string): string => `GET ${url} HTTP/1.1\r\nhost: x\r\n\r\n`

/** The `Connection` header of each response. */
function connectionHeaders(text: string): string[] {
  return [...text.matchAll(/^connection: (\S+)\r$/gim)].map(([, value]) => value ?? '')
}

test('an answer in progress says that its connection closes', async () => {
  await using started = await startHolding()
  await using connection = await open(started.port)
  connection.send(ask('/slow'))
  const response = await started.held('/slow')
  const drained = started.drain()
  response.end('done')
  expect(await connection.closed()).toMatch(/connection: close\r\n[^]*done$/i)
  connection.socket.end()
  await drained
  expect(connection.errors).toEqual([])
  expect(started.force).not.toHaveBeenCalled()
})

test('only the last of several answers in progress closes their connection', async () => {
  await using started = await startHolding()
  await using connection = await open(started.port)
  connection.send(ask('/one') + ask('/two') + ask('/three'))
  await started.held('/three')
  const drained = started.drain()
  for (const url of ['/three', '/one', '/two']) (await started.held(url)).end(url)
  const text = await connection.closed()
  connection.socket.end()
  await drained
  expect(text).toMatch(/\/one[^]*\/two[^]*\/three$/)
  expect(connectionHeaders(text)).toEqual(['keep-alive', 'keep-alive', 'close'])
})

test('a fast answer behind a slow one is sent before the connection closes', async () => {
  await using started = await startHolding()
  await using connection = await open(started.port)
  connection.send(ask('/slow') + ask('/fast'))
  const response = await started.held('/slow')
  await eventually(() => expect(started.processed).toEqual(['/slow', '/fast']))
  const drained = started.drain()
  response.end('slow')
  expect(await connection.closed()).toMatch(/slow[^]*fast$/)
  connection.socket.end()
  await drained
})

test('a request on an idle connection is answered, and its answer closes the connection', async () => {
  await using started = await startHolding()
  await using connection = await open(started.port)
  connection.send(ask('/fast'))
  await connection.until('fast')
  const drained = started.drain()
  connection.send(ask('/fast'))
  expect(connectionHeaders(await connection.closed())).toEqual(['keep-alive', 'close'])
  connection.socket.end()
  await drained
  expect(connection.errors).toEqual([])
})

test('of several requests sent at once during the drain, all are answered or not processed at all', async () => {
  await using started = await startHolding()
  await using slow = await open(started.port)
  await using fast = await open(started.port)
  for (const connection of [slow, fast]) {
    connection.send(ask('/fast'))
    await connection.until('fast')
  }
  started.processed.length = 0
  const drained = started.drain()
  slow.send(ask('/one') + ask('/two'))
  fast.send(ask('/fast') + ask('/never'))
  for (const url of ['/one', '/two']) (await started.held(url)).end(url)
  expect(connectionHeaders(await slow.closed())).toEqual(['keep-alive', 'keep-alive', 'close'])
  expect(connectionHeaders(await fast.closed())).toEqual(['keep-alive', 'close'])
  expect(started.processed.toSorted()).toEqual(['/fast', '/one', '/two'])
  for (const connection of [slow, fast]) connection.socket.end()
  await drained
})

test('a streamed answer whose headers were sent is completed, and the next request is answered', async () => {
  await using started = await startHolding()
  await using connection = await open(started.port)
  connection.send(ask('/stream'))
  const response = await started.held('/stream')
  response.write('first')
  await connection.until('first')
  const drained = started.drain()
  response.end('last')
  await connection.until('last')
  connection.send(ask('/fast'))
  expect(connectionHeaders(await connection.closed())).toEqual(['keep-alive', 'close'])
  connection.socket.end()
  await drained
  expect(connection.errors).toEqual([])
})

test('a complete answer reaches a slow reader', async () => {
  await using started = await startHolding()
  // Collecting so much text in a RawConnection would take seconds.
  const socket = connect({ port: started.port, host: '127.0.0.1' })
  socket.write(ask('/large'))
  const response = await started.held('/large')
  // More than the buffers of both sockets hold.
  const body = Buffer.alloc(32 * 1024 * 1024, 'x')
  response.end(body)
  const drained = started.drain()
  // Several checks for idle connections take place meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 200))
  let bytes = 0
  socket.on('data', (chunk: Buffer) => (bytes += chunk.length))
  await once(socket, 'close')
  await drained
  expect(bytes).toBeGreaterThanOrEqual(body.length)
})

test('a request that arrives in pieces is answered', async () => {
  await using started = await startHolding()
  await using connection = await open(started.port)
  connection.send('GET /fa')
  await new Promise((resolve) => setTimeout(resolve, 50))
  const drained = started.drain()
  await new Promise((resolve) => setTimeout(resolve, 1500))
  connection.send('st HTTP/1.1\r\nhost: x\r\n\r\n')
  expect(connectionHeaders(await connection.closed())).toEqual(['close'])
  connection.socket.end()
  await drained
})

test('idle connections end without a reset after a moment, also if the peer keeps its side open', async () => {
  await using started = await startHolding()
  await using used = await open(started.port)
  await using unused = await open(started.port)
  used.send(ask('/fast'))
  await used.until('fast')
  const drained = started.drain()
  await Promise.all([used.closed(), unused.closed()])
  await drained
  expect([...used.errors, ...unused.errors]).toEqual([])
  expect(started.force).not.toHaveBeenCalled()
})

test('a drain without connections ends at once, and no new connection is accepted', async () => {
  await using started = await startHolding()
  const sinceMs = performance.now()
  await started.drain()
  expect(performance.now() - sinceMs).toBeLessThan(1000)
  await expect(RawConnection.open(started.port)).rejects.toThrow('ECONNREFUSED')
})

test('the grace ends answers that never come', async () => {
  const server = createServer()
  const drain = new ConnectionDrain(server)
  server.on('request', (_request, response) => drain.began(response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  await using connection = await open((server.address() as AddressInfo).port)
  connection.send(ask('/never'))
  await once(server, 'request')
  await drain.drain(100, () => server.closeAllConnections())
  expect(await connection.closed()).toBe('')
})
