import { once } from 'node:events'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { isIPv6, type AddressInfo } from 'node:net'
import type { ListenConfig } from '../config/config.ts'
import { ConnectionDrain } from '../connections/connection-drain.ts'
import { notReady, type Readiness } from '../telemetry/readiness.ts'
import { buildControl } from './build-control.ts'
import type { ControlDeps } from './routing/dependencies.ts'

/** A listening management API. */
export interface ListeningControl {
  /** Its URL on this machine, without a trailing slash. */
  readonly url: string
  /**
   * Stops listening, waits for requests in progress, and closes the remaining connections after the grace period.
   *
   * @param graceMs the length of the grace period
   */
  close(graceMs: number): Promise<void>
}

/** Starts the management API. @throws the error of listening, such as EADDRINUSE */
export async function startControl(
  deps: ControlDeps,
  { host, port }: ListenConfig,
): Promise<ListeningControl> {
  const readiness = async (): Promise<Readiness> => {
    const known = await deps.readiness()
    return drain.isDraining ? notReady(known, 'stopping') : known
  }
  const app = await buildControl({ ...deps, readiness })
  await app.ready()
  const { server } = app
  const drain = drainable(server)
  // Not with Fastify's method, which opens a second server for `localhost` that the drain does not know.
  server.listen(port, host)
  await once(server, 'listening')
  const { address, port: bound } = server.address() as AddressInfo
  const name = address === '::' || address === '0.0.0.0' ? 'localhost' : address
  return {
    url: `http://${isIPv6(name) ? `[${name}]` : name}:${bound}`,
    async close(graceMs) {
      await drain.drain(graceMs, () => server.closeAllConnections())
      await app.close()
    },
  }
}

/** Lets a drain see each request before Fastify does. */
export function drainable(server: Server): ConnectionDrain {
  const drain = new ConnectionDrain(server)
  const listeners = server.listeners('request') as RequestListener[]
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!drain.admits(response)) return
    drain.began(response)
    for (const listener of listeners) listener(request, response)
  })
  return drain
}
