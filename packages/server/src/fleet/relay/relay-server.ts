import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isIPv6, type AddressInfo } from 'node:net'
import { problemBody } from '@sallyport/core'
import type { Registry } from 'prom-client'
import type { StreamServer } from '../node/stream-server.ts'

const HEADERS_TIMEOUT_MS = 10_000

export interface RelayServerDeps {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly streams: Pick<StreamServer, 'accepts' | 'begin'>
  readonly registry: Registry
  /** Whether the relay has a stream to a control node, so that gateways get grants. */
  readonly isReady: () => boolean
}

/** A listening relay. Disposing closes its connections. */
export interface RelayServer extends AsyncDisposable {
  /** Its URL on this machine, without a trailing slash. */
  readonly url: string
}

/** Listens for the streams of gateways, and for monitoring. @throws errors of listening, such as EADDRINUSE */
export async function startRelayServer(deps: RelayServerDeps): Promise<RelayServer> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      shouldUpgradeCallback: (request) => deps.streams.accepts(request),
    },
    (request, response) => {
      // A relay takes no bodies.
      request.resume()
      void answer(request, response, deps)
    },
  )
  server.on('upgrade', (request, socket, head) => deps.streams.begin(request, socket, head))
  server.listen(deps.port, deps.host)
  await once(server, 'listening')
  const { address, port } = server.address() as AddressInfo
  const name = address === '::' || address === '0.0.0.0' ? 'localhost' : address
  return {
    url: `http://${isIPv6(name) ? `[${name}]` : name}:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  { registry, isReady }: RelayServerDeps,
): Promise<void> {
  response.setHeader('cache-control', 'no-store')
  if (method !== 'GET') return problem(response, 405, 'method_not_allowed')
  switch (url) {
    case '/healthz':
      return json(response, 200, { status: 'alive' })
    case '/readyz': {
      const ready = isReady()
      return json(response, ready ? 200 : 503, ready ? { ready } : { ready, reason: 'no_control_node' })
    }
    case '/metrics':
      response.setHeader('content-type', registry.contentType).end(await registry.metrics())
      return
    default:
      problem(response, 404, 'not_found')
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function problem(response: ServerResponse, status: number, code: 'method_not_allowed' | 'not_found'): void {
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify(problemBody(code)))
}
