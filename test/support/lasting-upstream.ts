import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** One request that the upstream has not answered completely. */
export interface LastingRequest {
  readonly socket: Socket
  /** The path and the query. */
  readonly url: string
  /** Null for a WebSocket. */
  readonly response: ServerResponse | null
  /** The bytes received after the headers. */
  received(): number
  /** Resolves when the connection has closed. */
  readonly closed: Promise<unknown>
}

/**
 * An upstream for exchanges that last: `/ws` upgrades, `/events` and `/download` start a response, `/upload`, `/run` and
 * `/held-ws` wait. The test sends the rest. A request with the query `plain` is answered at once.
 */
export class LastingUpstream implements AsyncDisposable {
  readonly #server: Server
  readonly #requests: LastingRequest[] = []
  readonly #waiting = new Set<() => void>()

  private constructor(server: Server) {
    this.#server = server
    server.on('request', (request, response) => this.#onRequest(request, response))
    server.on('upgrade', (request, stream) => this.#onUpgrade(request, stream as Socket))
  }

  static async start(): Promise<LastingUpstream> {
    const upstream = new LastingUpstream(createServer({ requestTimeout: 0 }))
    upstream.#server.listen(0, '127.0.0.1')
    await once(upstream.#server, 'listening')
    return upstream
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The next request, once it has arrived. @param url the next one with this path and query; any unless given */
  async next(url?: string): Promise<LastingRequest> {
    for (;;) {
      const index = this.#requests.findIndex((request) => url === undefined || request.url === url)
      const [request] = index === -1 ? [] : this.#requests.splice(index, 1)
      if (request !== undefined) return request
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    let bytes = 0
    request.on('data', (chunk: Buffer) => (bytes += chunk.length))
    request.on('error', () => undefined)
    const { url = '' } = request
    const [path, query] = url.split('?')
    if (query === 'plain') {
      response.end('plain')
      return
    }
    if (path === '/run') response.setHeader('content-type', 'application/json')
    if (path === '/events') response.writeHead(200, { 'content-type': 'text/event-stream' })
    if (path === '/download') response.writeHead(200, { 'content-type': 'text/plain' })
    if (path === '/sized') response.writeHead(200, { 'content-length': '1000000' })
    if (response.headersSent) response.write('first\n')
    this.#add(url, request.socket, response, () => bytes)
  }

  #onUpgrade(request: IncomingMessage, socket: Socket): void {
    let bytes = 0
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length))
    socket.on('end', () => socket.end())
    this.#add(request.url ?? '', socket, null, () => bytes)
    if (request.url === '/held-ws') return
    const key = request.headers['sec-websocket-key'] ?? ''
    const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64')
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
  }

  #add(url: string, socket: Socket, response: ServerResponse | null, received: () => number): void {
    socket.on('error', () => socket.destroy())
    const closed = new Promise((resolve) => socket.once('close', resolve))
    this.#requests.push({ url, socket, response, received, closed })
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}

/** An unmasked text frame (RFC 6455 section 5.2). */
export function textFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)])
}

/** A masked text frame, as a client sends it. */
export function clientFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])
}
