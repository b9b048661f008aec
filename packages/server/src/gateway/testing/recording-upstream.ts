import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

/** The bytes of one connection. */
export interface RecordedRequest {
  /** The request line without its line break. */
  readonly line: string
  /** Header lines, as received. */
  readonly headers: readonly string[]
  /** Everything after the empty line. */
  readonly rest: string
}

/** An upstream that does not parse HTTP: it records bytes and sends every connection the same response. */
export class RecordingUpstream implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #received: { bytes: string }[] = []

  private constructor() {
    this.#server = createServer((socket) => this.#record(socket))
  }

  /** @param host an address of this machine */
  static async start(host = '127.0.0.1', port = 0): Promise<RecordingUpstream> {
    const upstream = new RecordingUpstream()
    upstream.#server.listen(port, host)
    await once(upstream.#server, 'listening')
    return upstream
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The number of connections since the last `take`. */
  get connections(): number {
    return this.#received.length
  }

  /** Returns and forgets the requests received since the last call, one per connection. */
  take(): RecordedRequest[] {
    return this.#received.splice(0).map(({ bytes }) => {
      const end = bytes.indexOf('\r\n\r\n')
      const [line = '', ...headers] = bytes.slice(0, end).split('\r\n')
      return { line, headers, rest: bytes.slice(end + 4) }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #record(socket: Socket): void {
    const received = { bytes: '' }
    this.#received.push(received)
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      received.bytes += chunk
      if (received.bytes.includes('\r\n\r\n')) socket.end(RESPONSE)
    })
  }
}
