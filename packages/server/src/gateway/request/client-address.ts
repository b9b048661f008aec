import type { IncomingMessage } from 'node:http'
import { parseAddress, type AddressSet } from '../../address/address-set.ts'
import { parseIpv4 } from '../../address/ipv4.ts'

/** How many entries of `X-Forwarded-For` are read, from the right. */
const FORWARDED_HOPS_MAX = 32
/** How many peers the cache of trusted and untrusted addresses holds. */
const CACHED_PEERS_MAX = 4096

/** The operator's trusted proxies. */
export class TrustedProxies {
  readonly #proxies: AddressSet
  readonly #isTrusted = new Map<string, boolean>()

  constructor(proxies: AddressSet) {
    this.#proxies = proxies
  }

  /** Whether an address is a trusted proxy's. Loopback counts only if it is listed. */
  has(address: string): boolean {
    if (this.#proxies.isEmpty) return false
    const known = this.#isTrusted.get(address)
    if (known !== undefined) return known
    if (this.#isTrusted.size >= CACHED_PEERS_MAX) this.#isTrusted.clear()
    const trusted = this.#proxies.has(address)
    this.#isTrusted.set(address, trusted)
    return trusted
  }

  /** Whether a trusted proxy sent the request. */
  sent(request: IncomingMessage): boolean {
    return !this.#proxies.isEmpty && this.has(peerAddress(request))
  }

  /**
   * The client's address: the connection's, or, when a trusted proxy sent the request, the right-most address in
   * `X-Forwarded-For` that is not a trusted proxy's. Entries left of it are unverified.
   */
  clientAddress(request: IncomingMessage): string {
    let address = peerAddress(request)
    if (this.#proxies.isEmpty || !this.has(address)) return address
    const forwarded = request.headers['x-forwarded-for']
    if (typeof forwarded !== 'string') return address
    // Fast path: nearly every proxy sends one plain address.
    if (parseIpv4(forwarded) >= 0) return forwarded
    const hops = forwarded.split(',')
    for (let hop = hops.length - 1; hop >= Math.max(0, hops.length - FORWARDED_HOPS_MAX); hop -= 1) {
      const next = parseAddress(withoutPort((hops[hop] ?? '').trim()))
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

/** Some proxies write `192.0.2.1:1234` or `[2001:db8::1]:1234`. */
function withoutPort(text: string): string {
  if (text.startsWith('[')) {
    const end = text.indexOf(']')
    return end < 0 ? text : text.slice(1, end)
  }
  const colon = text.indexOf(':')
  return colon > 0 && text.includes('.') && text.lastIndexOf(':') === colon ? text.slice(0, colon) : text
}
