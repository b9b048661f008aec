import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** A request as the service behind a front received it. */
export interface ReceivedRequest {
  readonly method: string
  readonly url: string
  /** Alternating names and values, as they came. */
  readonly rawHeaders: readonly string[]
  readonly rawTrailers: readonly string[]
  readonly bodyDigest: string
}

/** A service that records each request, by its `X-Trace`. */
export interface RecordingService extends AsyncDisposable {
  readonly url: string
  received(trace: string): readonly ReceivedRequest[]
}

/** SHA-256, in hexadecimal. */
export function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex')
}

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const hash = createHash('sha256')
  for await (const chunk of request as AsyncIterable<Buffer>) hash.update(chunk)
  const { method = '', url = '', rawHeaders, rawTrailers } = request
  return { method, url, rawHeaders, rawTrailers, bodyDigest: hash.digest('hex') }
}

/** Switches to WebSocket (RFC 6455 section 4.2.2) and sends all bytes back. */
function echo(request: IncomingMessage, socket: Duplex): void {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.on('error', () => undefined)
  socket.pipe(socket)
}

/**
 * Starts the service. It answers with the status of `X-Answer`, or 200, and with identity headers of its own, which no
 * caller should believe. It accepts every upgrade.
 */
export async function startRecordingService(): Promise<RecordingService> {
  const requests = new Map<string, ReceivedRequest[]>()
  const record = (request: IncomingMessage, received: ReceivedRequest): void => {
    const trace = String(request.headers['x-trace'])
    requests.set(trace, [...(requests.get(trace) ?? []), received])
  }
  const tunnels = new Set<Duplex>()
  const server = createServer((request, response) => {
    receive(request).then(
      (received) => {
        record(request, received)
        response.writeHead(Number(request.headers['x-answer'] ?? 200), {
          'content-type': 'text/plain',
          'x-sallyport-code': 'forged',
          'x-sallyport-consumer': 'forged',
        })
        response.end('the service')
      },
      // The front left before the body was complete.
      () => response.destroy(),
    )
  })
  server.on('upgrade', (request, socket) => {
    const { method = '', url = '', rawHeaders } = request
    record(request, { method, url, rawHeaders, rawTrailers: [], bodyDigest: digestOf('') })
    tunnels.add(socket)
    echo(request, socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    received: (trace) => requests.get(trace) ?? [],
    async [Symbol.asyncDispose]() {
      for (const socket of tunnels) socket.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
