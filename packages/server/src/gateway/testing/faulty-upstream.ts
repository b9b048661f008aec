import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** What an upstream does with a request once it has read its head. */
export type Behaviour =
  | 'answer'
  | 'reset'
  | 'hang'
  | 'hang-after-headers'
  | 'garbage'
  | 'unavailable'
  | 'events'
  | 'websocket'

/** An upstream over plain TCP that can fail in many ways. It counts every request by the header `x-test-id`. */
export class FaultyUpstream implements AsyncDisposable {
  behaviour: Behaviour
  /** Called for each request, for an upstream that flaps. */
  behave: (() => Behaviour) | null = null
  /** Sent instead of what the behaviour says. */
  raw: string | null = null
  /** How often each request has arrived, by `{method} {id}`. */
  readonly arrived = new Map<string, number>()
  readonly bodies: string[] = []
  /** The heads of all requests, as received. */
  readonly heads: string[] = []
  /** What has arrived of a request whose body is not complete. */
  unfinished = ''
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(behaviour: Behaviour) {
    this.behaviour = behaviour
    this.#server = createServer((socket) => this.#serve(socket))
  }

  static async start(behaviour: Behaviour = 'answer'): Promise<FaultyUpstream> {
    const upstream = new FaultyUpstream(behaviour)
    upstream.#server.listen(0, '127.0.0.1')
    await once(upstream.#server, 'listening')
    return upstream
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Its open connections. */
  get open(): number {
    return this.#sockets.size
  }

  /** All requests that have arrived. */
  get total(): number {
    return [...this.arrived.values()].reduce((sum, count) => sum + count, 0)
  }

  /** Resets every connection. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    let text = ''
    let isSwitched = false
    socket.on('data', (chunk) => {
      if (isSwitched) {
        socket.write(chunk)
        return
      }
      text += chunk.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end)
        const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
        const isChunked = /^transfer-encoding: chunked$/im.test(head)
        const rest = text.slice(end + 4)
        const bodyEnd = isChunked ? rest.indexOf('0\r\n\r\n') + 5 : length
        this.unfinished = text
        if (isChunked ? bodyEnd < 5 : rest.length < length) return
        text = rest.slice(bodyEnd)
        this.unfinished = text
        isSwitched = this.#answer(socket, head, rest.slice(0, bodyEnd)) === 'websocket'
      }
    })
  }

  #answer(socket: Socket, head: string, body: string): Behaviour {
    const method = head.slice(0, head.indexOf(' '))
    const key = `${method} ${/^x-test-id: (.*)$/im.exec(head)?.[1] ?? ''}`
    this.arrived.set(key, (this.arrived.get(key) ?? 0) + 1)
    this.bodies.push(body)
    this.heads.push(head)
    const behaviour = this.behave?.() ?? this.behaviour
    if (this.raw !== null) {
      socket.write(this.raw)
      return behaviour
    }
    if (behaviour === 'reset') socket.resetAndDestroy()
    else if (behaviour === 'garbage') socket.end('\u0000\u0001 this is no HTTP\r\n\r\n')
    else if (behaviour !== 'hang') {
      socket.write(
        {
          answer: response('200 OK', method === 'HEAD' ? '' : this.origin),
          unavailable: response('503 Service Unavailable', 'busy'),
          'hang-after-headers': 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n',
          events: `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: ${this.origin}\n\n`,
          websocket: 'HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n',
        }[behaviour],
      )
    }
    return behaviour
  }
}

function response(status: string, body: string): string {
  return `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
