import type { IncomingMessage } from 'node:http'
import { parseAddress, type AddressSet } from '../../address/address-set.ts'
import { parseIpv4 } from '../../address/ipv4.ts'

/** How many entries of `X-Forwarded-For` are read, from the right. */
const FORWARDED_HOPS_MAX = 32

/** The operator's trusted proxies. */
export class TrustedProxies {
  readonly #proxies: AddressSet
  /** The last answer: a gateway behind a proxy is asked for the same address again and again. */
  #last = { address: '', isTrusted: false }

  constructor(proxies: AddressSet) {
    this.#proxies = proxies
  }

  /** Whether an address is a trusted proxy's. Loopback counts only if it is listed. */
  has(address: string): boolean {
    if (this.#last.address !== address) this.#last = { address, isTrusted: this.#proxies.has(address) }
    return this.#last.isTrusted
  }

  /** Whether a trusted proxy sent the request. */
  sent(request: IncomingMessage): boolean {
    return this.has(peerAddress(request))
  }

  /**
   * The client's address: the connection's, or, when a trusted proxy sent the request, the right-most address in
   * `X-Forwarded-For` that is not a trusted proxy's. Entries left of it are unverified.
   */
  clientAddress(request: IncomingMessage): string {
    let address = peerAddress(request)
    if (!this.has(address)) return address
    const forwarded = request.headers['x-forwarded-for']
    if (typeof forwarded !== 'string') return address
    // Fast path: nearly every proxy sends one plain address.
    if (parseIpv4(forwarded) >= 0) return forwarded
    for (const hop of forwarded.split(',').slice(-FORWARDED_HOPS_MAX).toReversed()) {
      const next = parseAddress(withoutPort(hop.trim()))
      // Entries left of a malformed one cannot be trusted.
      if (next === undefined) return address
      address = next.toString()
      if (!this.has(address)) return address
    }
    return address
  }
}

/** The peer's address, with mapped IPv4 addresses in IPv4 form; empty once the connection is closed. */
export function peerAddress(request: IncomingMessage): string {
  const address = request.socket.remoteAddress ?? ''
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/** An address in brackets, or without a colon, before an optional port: `192.0.2.1:1234`, `[2001:db8::1]:1234`. */
const WITH_PORT = /^(?:\[([^\]]+)\]|([^:]+))(?::[0-9]+)?$/

/** Removes the port, which some proxies write. Any other text is unchanged. */
function withoutPort(text: string): string {
  const match = WITH_PORT.exec(text)
  return match?.[1] ?? match?.[2] ?? text
}
