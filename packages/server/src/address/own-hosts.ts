import { parseAddress } from './address-set.ts'
import { hostName } from './host-name.ts'
import { isLoopback } from './loopback.ts'

/**
 * The hosts that are a server's own. A page of another site can give its own name the address of a server (DNS rebinding); its
 * browser then sends that name, and counts the answers as the page's own.
 */
export class OwnHosts {
  readonly #added: ReadonlySet<string>

  /** @param added names and addresses without ports, besides those of this machine */
  constructor(added: readonly string[]) {
    this.#added = new Set(added.flatMap((host) => hostName(host) ?? []))
  }

  /**
   * @param name from `hostName`
   * @param localAddress the address that the client connected to: no name leads there, so no page of another site can be
   *   its origin
   */
  has(name: string, localAddress: string | undefined): boolean {
    if (isLoopback(name) || this.#added.has(name)) return true
    return name === parseAddress(localAddress ?? '')?.toString()
  }
}
