import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An upstream that answers each path as a test says, and remembers the requests. */
export class ScriptedUpstream implements AsyncDisposable {
  /** What it answers, by path without query. */
  readonly answers = new Map<string, RequestListener>()
  readonly requests: IncomingMessage[] = []
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push(request)
      const [path = ''] = (request.url ?? '').split('?')
      const answer = this.answers.get(path)
      if (answer === undefined) response.writeHead(404, { 'content-length': 0 }).end()
      else answer(request, response)
    })
  }

  static async start(): Promise<ScriptedUpstream> {
    const upstream = new ScriptedUpstream()
    upstream.#server.listen(0, '127.0.0.1')
    await once(upstream.#server, 'listening')
    return upstream
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The requests of a path, with any query. */
  to(path: string): IncomingMessage[] {
    return this.requests.filter(({ url = '' }) => url.split('?')[0] === path)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
