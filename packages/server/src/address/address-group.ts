import ipaddr from 'ipaddr.js'
import { parseAddress } from './address-set.ts'

/** The groups of an IPv6 address that identify one customer's network (RFC 6177): a /64. */
const NETWORK_GROUPS = 4

/** What some proxies add to the address in `X-Forwarded-For`. */
const PORT = /^(?:\[([^\]]+)\](?::\d+)?|([^:]+):\d+)$/

/** The address that anonymous callers are counted by. For IPv6 it is the network: one caller has 2^64 addresses. */
export function addressGroup(address: string): string {
  const [, ipv6, ipv4] = PORT.exec(address) ?? []
  const parsed = parseAddress(ipv6 ?? ipv4 ?? address)
  if (parsed instanceof ipaddr.IPv6) return `${parsed.parts.slice(0, NETWORK_GROUPS).join(':')}/64`
  return parsed?.toString() ?? address
}
