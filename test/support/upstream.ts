import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A real HTTP upstream on loopback. */
export interface Upstream extends AsyncDisposable {
  readonly url: string
  readonly port: number
}

/** Starts an upstream with the given listener. */
export async function startUpstream(listener: RequestListener): Promise<Upstream> {
  const server = createServer({ requestTimeout: 0 }, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Starts an upstream that returns each request as JSON. */
export async function startEchoUpstream(): Promise<Upstream> {
  return await startUpstream((request, response) => {
    readBody(request).then(
      (body) => {
        const { method, url, headers } = request
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ method, url, headers, body }))
      },
      // The caller disconnected before its body was complete.
      () => response.destroy(),
    )
  })
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  return text
}
