import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** What an upstream does with a request once it has read its head. */
export type Behaviour = 'answer' | 'reset' | 'hang' | 'hang-after-headers' | 'garbage' | 'unavailable'

/** An upstream over plain TCP that can fail in many ways. It counts every request by the header `x-test-id`. */
export class FaultyUpstream implements AsyncDisposable {
  behaviour: Behaviour
  /** Called for each request, for an upstream that flaps. */
  behave: (() => Behaviour) | null = null
  /** How often each request has arrived, by `{method} {id}`. */
  readonly arrived = new Map<string, number>()
  readonly bodies: string[] = []
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

  /** All requests that have arrived. */
  get total(): number {
    return [...this.arrived.values()].reduce((sum, count) => sum + count, 0)
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
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end)
        const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
        const isChunked = /^transfer-encoding: chunked$/im.test(head)
        const rest = text.slice(end + 4)
        const bodyEnd = isChunked ? rest.indexOf('0\r\n\r\n') + 5 : length
        if (isChunked ? bodyEnd < 5 : rest.length < length) return
        text = rest.slice(bodyEnd)
        this.#answer(socket, head, rest.slice(0, bodyEnd))
      }
    })
  }

  #answer(socket: Socket, head: string, body: string): void {
    const method = head.slice(0, head.indexOf(' '))
    const key = `${method} ${/^x-test-id: (.*)$/im.exec(head)?.[1] ?? ''}`
    this.arrived.set(key, (this.arrived.get(key) ?? 0) + 1)
    this.bodies.push(body)
    switch (this.behave?.() ?? this.behaviour) {
      case 'answer':
        socket.write(response('200 OK', method === 'HEAD' ? '' : this.origin))
        return
      case 'unavailable':
        socket.write(response('503 Service Unavailable', 'busy'))
        return
      case 'garbage':
        socket.end('\u0000\u0001 this is no HTTP\r\n\r\n')
        return
      case 'hang-after-headers':
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n')
        return
      case 'reset':
        socket.resetAndDestroy()
        return
      case 'hang':
    }
  }
}

function response(status: string, body: string): string {
  return `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
