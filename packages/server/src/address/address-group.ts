import ipaddr from 'ipaddr.js'
import { parseAddress } from './address-set.ts'

/** The groups of an IPv6 address that identify one customer's network (RFC 6177): a /64. */
const NETWORK_GROUPS = 4

/** What one customer gets at most: a /48 of IPv6 (RFC 6177 section 2), and a /24 of IPv4, the smallest range that is routed. */
const SITE_GROUPS = 3
const SITE_OCTETS = 3

/** What some proxies add to the address in `X-Forwarded-For`. */
const PORT = /^(?:\[([^\]]+)\](?::\d+)?|([^:]+):\d+)$/

/** The address that anonymous callers are counted by. For IPv6 it is the network: one caller has 2^64 addresses. */
export function addressGroup(address: string): string {
  const parsed = parse(address)
  if (parsed instanceof ipaddr.IPv6) return `${parsed.parts.slice(0, NETWORK_GROUPS).join(':')}/64`
  return parsed?.toString() ?? address
}

/** A wider range than the group of an address, for attackers who have many addresses of one range. */
export function addressNetwork(address: string): string {
  const parsed = parse(address)
  if (parsed === undefined) return address
  if (parsed instanceof ipaddr.IPv6) return `${parsed.parts.slice(0, SITE_GROUPS).join(':')}/48`
  return `${parsed.octets.slice(0, SITE_OCTETS).join('.')}/24`
}

function parse(address: string): ReturnType<typeof parseAddress> {
  const [, ipv6, ipv4] = PORT.exec(address) ?? []
  return parseAddress(ipv6 ?? ipv4 ?? address)
}
