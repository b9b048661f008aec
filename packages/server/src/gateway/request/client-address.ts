import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import { parseAddress, type AddressSet } from '../../address/address-set.ts'
import { parseIpv4 } from '../../address/ipv4.ts'

/** How many entries of `X-Forwarded-For` are looked at, from the right. */
const FORWARDED_HOPS_MAX = 32
/** How many peers' answers to "is it a trusted proxy?" are remembered. */
const PEERS_REMEMBERED_MAX = 4096
/** The groups of an IPv6 address that name a network of one customer (RFC 6177): a /64. */
const NETWORK_GROUPS = 4

/** Who the operator's trusted proxies are. */
export class TrustedProxies {
  readonly #proxies: AddressSet
  readonly #remembered = new Map<string, boolean>()

  constructor(proxies: AddressSet) {
    this.#proxies = proxies
  }

  /** Whether an address is one of them. Loopback is not, unless it is listed. */
  has(address: string): boolean {
    if (this.#proxies.isEmpty) return false
    const known = this.#remembered.get(address)
    if (known !== undefined) return known
    if (this.#remembered.size >= PEERS_REMEMBERED_MAX) this.#remembered.clear()
    const trusted = this.#proxies.has(address)
    this.#remembered.set(address, trusted)
    return trusted
  }

  /** Whether the other end of a request's connection is one of them. */
  sent(request: IncomingMessage): boolean {
    return !this.#proxies.isEmpty && this.has(peerAddress(request))
  }

  /**
   * The address that a request comes from: the connection's, or, where a trusted proxy has connected, the right-most
   * one in `X-Forwarded-For` that is not a trusted proxy's. What stands left of it is hearsay.
   */
  clientAddress(request: IncomingMessage): string {
    let address = peerAddress(request)
    if (this.#proxies.isEmpty || !this.has(address)) return address
    const forwarded = request.headers['x-forwarded-for']
    if (typeof forwarded !== 'string') return address
    // One plain address is what nearly every proxy sends.
    if (parseIpv4(forwarded) >= 0) return forwarded
    const hops = forwarded.split(',')
    for (let hop = hops.length - 1; hop >= Math.max(0, hops.length - FORWARDED_HOPS_MAX); hop -= 1) {
      const next = parseAddress(withoutPort((hops[hop] ?? '').trim()))
      // Who wrote nonsense is as far back as we can look.
      if (next === undefined) return address
      address = next.toString()
      if (!this.has(address)) return address
    }
    return address
  }
}

/** The address at the other end of the connection, an IPv4 one in its own form; empty once the connection is gone. */
export function peerAddress(request: IncomingMessage): string {
  const address = request.socket.remoteAddress ?? ''
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/** What an anonymous caller is counted by: the address, or for IPv6 its network, of which anybody has 2^64 addresses. */
export function countedAddress(address: string): string {
  const parsed = parseAddress(address)
  return parsed instanceof ipaddr.IPv6 ? `${parsed.parts.slice(0, NETWORK_GROUPS).join(':')}/64` : address
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
