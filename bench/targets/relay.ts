import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Dispatcher, Pool } from 'undici'
import { serveParent } from './parent.ts'

/*
 * A minimal streaming relay: `node:http` for callers, undici's dispatch for the upstream, hop-by-hop headers dropped
 * (RFC 9110 section 7.6.1), with backpressure. Argument: the upstream's port.
 */
const upstream = new Pool(`http://127.0.0.1:${process.argv[2] ?? ''}`, { connections: 128 })

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function endToEnd(rawHeaders: readonly string[]): string[] {
  const kept: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, rawHeaders[index + 1] ?? '')
  }
  return kept
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

class RelayHandler implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse

  constructor(response: ServerResponse) {
    this.#response = response
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#response.on('drain', () => {
      controller.resume()
    })
    this.#response.on('close', () => {
      if (!this.#response.writableFinished) controller.abort(new Error('the caller disconnected'))
    })
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    for (const name of Object.keys(headers)) {
      const value = headers[name]
      if (value !== undefined && !HOP_BY_HOP.has(name)) this.#response.setHeader(name, value)
    }
    this.#response.writeHead(status)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#response.write(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    this.#response.end()
  }

  onResponseError(): void {
    if (!this.#response.headersSent) this.#response.writeHead(502)
    this.#response.end()
  }
}

const server = createServer((request, response) => {
  upstream.dispatch(
    {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: endToEnd(request.rawHeaders),
      body: hasBody(request) ? request : null,
    },
    new RelayHandler(response),
  )
})

server.listen(0, '127.0.0.1', () => {
  serveParent((server.address() as AddressInfo).port)
})
