import { isIPv6, type AddressInfo } from 'node:net'
import type { ListenConfig } from '../config/config.ts'
import { buildControl } from './build-control.ts'
import type { ControlDeps } from './routing/dependencies.ts'

/** A management API that listens. */
export interface ListeningControl {
  /** Where it can be called on this machine, without a slash at the end. */
  readonly url: string
  /**
   * Stops listening, lets requests under way finish, and ends the rest by force after a while.
   *
   * @param graceMs how long that while is
   */
  close(graceMs: number): Promise<void>
}

/** Starts the management API. @throws what listening throws, such as EADDRINUSE */
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
