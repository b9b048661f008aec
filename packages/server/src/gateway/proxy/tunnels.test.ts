import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { RawConnection } from '../testing/raw-connection.ts'
import {
  ACME,
  deployment,
  makeKey,
  proxyTo,
  startWith,
  type StartedGateway,
} from '../testing/started-gateway.ts'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** An upstream that upgrades and passes the connection to the test. On `/no` it does not upgrade. */
const upstream = createServer((request, response) => {
  response.writeHead(request.headers.upgrade === undefined ? 200 : 426, { 'content-length': '5' })
  response.end('plain')
})
let onSwitched: (socket: Socket, headers: NodeJS.Dict<string | string[]>) => void = () => undefined
upstream.on('upgrade', (request, stream) => {
  const socket = stream as Socket
  socket.on('error', () => socket.destroy())
  if (request.url === '/no') {
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno')
    return
  }
  if (request.url === '/other') {
    const protocol = String(request.headers['x-protocol'])
    socket.end(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`)
    return
  }
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key'] ?? ''}${GUID}`)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  onSwitched(socket, request.headers)
})
upstream.listen(0, '127.0.0.1')
await once(upstream, 'listening')
const upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
afterAll(() => upstream.close())

const opened: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})

const key = makeKey()

async function gateway(timeoutMs = 30_000): Promise<StartedGateway> {
  const started = await startWith([
    ...ACME,
    key.record,
    deployment({ timeoutMs, responseHeaders: { 'x-team': 'orders' } }, proxyTo(`${upstreamUrl}/ws`)),
    deployment({ paths: ['/no'] }, proxyTo(`${upstreamUrl}/no`), { pipeline: 'no' }),
    deployment({ paths: ['/other'] }, proxyTo(`${upstreamUrl}/other`), { pipeline: 'other' }),
    deployment({ paths: ['/respond'] }, undefined, { pipeline: 'respond' }),
    deployment({ paths: ['/gone'] }, proxyTo('http://127.0.0.1:1/'), { pipeline: 'gone' }),
  ])
  opened.push(started)
  return started
}

function handshake(path: string, headers = `X-Api-Key: ${key.token}\r\n`): string {
  return (
    `GET /acme/prod${path} HTTP/1.1\r\nHost: api\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`
  )
}

async function callerOf(started: StartedGateway): Promise<RawConnection> {
  const caller = await RawConnection.open(started.gateway.port)
  opened.push(caller)
  return caller
}

/** Opens a tunnel and returns its two ends. */
async function tunnel(timeoutMs?: number): Promise<{ caller: RawConnection; far: Socket }> {
  const caller = await callerOf(await gateway(timeoutMs))
  const switched = new Promise<Socket>((resolve) => (onSwitched = resolve))
  caller.send(handshake('/orders'))
  const far = await switched
  far.on('end', () => far.end())
  far.on('data', () => undefined)
  await caller.until('\r\n\r\n')
  return { caller, far }
}

test('A WebSocket client and its server talk through the gateway', async () => {
  const started = await gateway()
  onSwitched = (socket) => {
    // One unmasked text frame, which contains the client's masked frame byte for byte.
    socket.write(Buffer.from([0x81, 0x02, 0x68, 0x69]))
  }
  const socket = new WebSocket(`${started.url.replace('http', 'ws')}/acme/prod/orders`, {
    headers: { 'x-api-key': key.token },
  })
  const [event] = (await once(socket, 'message')) as [MessageEvent]
  expect(event.data).toBe('hi')
  socket.close()
})

test.each(['h2c', 'foo, websocket', 'websockets'])(
  'An upstream that switches to %j has failed',
  async (protocol) => {
    const caller = await callerOf(await gateway())
    caller.send(handshake('/other', `X-Api-Key: ${key.token}\r\nX-Protocol: ${protocol}\r\n`))
    expect(await caller.until('upstream_failed')).toMatch(/^HTTP\/1\.1 502 /)
  },
)

describe('A tunnel', () => {
  test('opens with the headers of both sides and no credentials', async () => {
    const caller = await callerOf(await gateway())
    const reached = new Promise<NodeJS.Dict<string | string[]>>((resolve) => {
      onSwitched = (_socket, headers) => resolve(headers)
    })
    caller.send(handshake('/orders'))
    const text = await caller.until('\r\n\r\n')
    expect(text).toMatch(/^HTTP\/1.1 101 /)
    expect(text).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n')
    expect(text).toContain('x-team: orders\r\n')
    expect(text.match(/upgrade: websocket/gi)).toHaveLength(1)
    const headers = await reached
    expect(headers).toMatchObject({ upgrade: 'websocket', 'x-sallyport-key': key.record.id })
    expect(headers['x-api-key']).toBeUndefined()
  })

  test('carries bytes in both directions, including those sent with the handshake', async () => {
    const caller = await callerOf(await gateway())
    let got = ''
    onSwitched = (socket) => {
      socket.write('early')
      socket.on('data', (chunk: Buffer) => {
        got += chunk.toString('latin1')
        socket.write(`[${chunk.toString('latin1')}]`)
      })
    }
    caller.send(`${handshake('/orders')}first`)
    await caller.until('[first]')
    caller.send('second')
    expect(await caller.until('[second]')).toContain('early')
    expect(got).toBe('firstsecond')
  })

  test('applies backpressure to the faster side', async () => {
    const { caller, far } = await tunnel()
    caller.socket.pause()
    const chunk = Buffer.alloc(64 * 1024)
    let sent = 0
    while (far.write(chunk) && sent < 1024 ** 3) sent += chunk.length
    for (let round = 0; round < 50; round += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      while (!far.writableNeedDrain && sent < 1024 ** 3) {
        sent += chunk.length
        far.write(chunk)
      }
    }
    expect(sent).toBeLessThan(32 * 1024 * 1024)
    far.destroy()
  })

  test.each(['caller', 'upstream'])('keeps one direction open when the %s ends the other', async (first) => {
    const { caller, far } = await tunnel()
    if (first === 'caller') {
      let got = ''
      far.removeAllListeners('end')
      far.on('data', (chunk: Buffer) => (got += chunk.toString('latin1')))
      const ended = once(far, 'end')
      caller.socket.end('bye')
      await ended
      expect(got).toBe('bye')
      far.end('still here')
      expect(await caller.closed()).toContain('still here')
    } else {
      far.end('bye')
      expect(await caller.closed()).toContain('bye')
      const data = once(far, 'data')
      caller.send('still here')
      expect(String((await data)[0])).toBe('still here')
    }
  })

  test('closes when one side is reset', async () => {
    const { caller, far } = await tunnel()
    far.resetAndDestroy()
    await caller.closed()
    const again = await tunnel()
    const closed = once(again.far, 'close')
    again.caller.socket.resetAndDestroy()
    await closed
  })

  test('closes after the idle timeout, and not while data flows', async () => {
    // This test measures time. The steps leave a busy machine more than a second.
    const { caller, far } = await tunnel(1500)
    const closed = once(far, 'close')
    for (let count = 0; count < 6; count += 1) {
      caller.send('x')
      await once(far, 'data')
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    far.write('alive')
    await caller.until('alive')
    await closed
    await caller.closed()
  })

  test('closes with the gateway', async () => {
    const started = await gateway()
    const caller = await callerOf(started)
    caller.send(handshake('/orders'))
    await caller.until('\r\n\r\n')
    await started.gateway.close(50)
    await caller.closed()
  })
})

describe('A refused handshake gets a response and a closed connection', () => {
  test.each([
    ['without credentials', '/orders', '', '401', 'credential_missing'],
    ['without a route', '/nothing', '', '404', 'route_not_found'],
    ['to an unreachable upstream', '/gone', `X-Api-Key: ${key.token}\r\n`, '502', 'upstream_failed'],
    ['by the upstream', '/no', `X-Api-Key: ${key.token}\r\n`, '403', 'no'],
    ['by a pipeline without an upstream', '/respond', `X-Api-Key: ${key.token}\r\n`, '200', '{"ok":true}'],
  ])('%s', async (_, path, headers, status, text) => {
    const started = await gateway()
    const answer = await RawConnection.exchange(started.gateway.port, handshake(path, headers))
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toContain(text)
    expect(answer).toMatch(/connection: close/i)
  })
})

test.each(['h2c', 'TLS/1.0', 'websocket2'])('An upgrade to %s is ignored', async (protocol) => {
  const started = await gateway()
  const answer = await RawConnection.exchange(
    started.gateway.port,
    `GET /acme/prod/orders HTTP/1.1\r\nHost: api\r\nConnection: Upgrade, close\r\nUpgrade: ${protocol}\r\nX-Api-Key: ${key.token}\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1.1 200 /)
  expect(answer).toContain('plain')
})

test('The authorization endpoint never upgrades', async () => {
  const started = await gateway()
  const answer = await RawConnection.exchange(
    started.gateway.port,
    `GET /authz/acme/prod/orders HTTP/1.1\r\nHost: api\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Api-Key: ${key.token}\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1.1 200 /)
})
