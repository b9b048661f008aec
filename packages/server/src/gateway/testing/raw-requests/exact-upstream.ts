import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { readMessages, type Message } from './messages.ts'

/** A request as the upstream got it. */
export interface ReceivedRequest {
  readonly method: string
  readonly target: string
  /** Lines of the head, without the first. */
  readonly headers: readonly string[]
  readonly body: string
}

/**
 * An upstream that reads HTTP/1.1 to the letter, without Node.js's parser. It records each request in the order of
 * arrival and answers it with its own method, id and body, so that an answer that reaches another caller is noticed.
 */
export class ExactUpstream implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #received: ReceivedRequest[] = []

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket))
  }

  static async start(): Promise<ExactUpstream> {
    const upstream = new ExactUpstream()
    upstream.#server.listen(0, '127.0.0.1')
    await once(upstream.#server, 'listening')
    return upstream
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Returns and forgets the requests received so far. */
  take(): ReceivedRequest[] {
    return this.#received.splice(0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket): void {
    let bytes = ''
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      const { messages, rest } = readMessages(bytes + chunk, false)
      bytes = rest
      for (const message of messages) this.#answer(socket, message)
    })
  }

  #answer(socket: Socket, { start, headers, body }: Message): void {
    const [method = '', target = ''] = start.split(' ')
    this.#received.push({ method, target, headers, body })
    const answer = answerTo(method, target, body)
    const content = method === 'HEAD' ? '' : answer
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${answer.length}\r\n\r\n${content}`, 'latin1')
  }
}

/** What the upstream answers. */
export function answerTo(method: string, target: string, body: string): string {
  return `${method} ${idOf(target)} ${body}`
}

/** The id of a request, which stands in its query. */
export function idOf(target: string): string {
  return new URL(target, 'http://upstream').searchParams.get('id') ?? 'none'
}
