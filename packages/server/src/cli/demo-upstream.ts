import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A sample upstream that returns an order and the caller's identity as received. */
export interface DemoUpstream extends AsyncDisposable {
  readonly url: string
}

export async function startDemoUpstream(): Promise<DemoUpstream> {
  const server = createServer((request, response) => {
    const id = /^\/orders\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? 'none'
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      `${JSON.stringify({
        order: decodeURIComponent(id),
        status: 'shipped',
        calledBy: request.headers['x-sallyport-consumer'] ?? null,
        key: request.headers['x-sallyport-key'] ?? null,
      })}\n`,
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
