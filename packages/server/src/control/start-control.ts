import { isIPv6, type AddressInfo } from 'node:net'
import type { ListenConfig } from '../config/config.ts'
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
  const app = await buildControl(deps)
  await app.listen({ host, port })
  const { address, port: bound } = app.server.address() as AddressInfo
  const name = address === '::' || address === '0.0.0.0' ? 'localhost' : address
  return {
    url: `http://${isIPv6(name) ? `[${name}]` : name}:${bound}`,
    async close(graceMs) {
      const force = setTimeout(() => {
        app.server.closeAllConnections()
      }, graceMs)
      try {
        await app.close()
      } finally {
        clearTimeout(force)
      }
    },
  }
}
