import ipaddr from 'ipaddr.js'
import { parseAddress } from './address-set.ts'

/** The groups of an IPv6 address that identify one customer's network (RFC 6177): a /64. */
const NETWORK_GROUPS = 4

/** The address that anonymous callers are counted by. For IPv6 it is the network: one caller has 2^64 addresses. */
export function addressGroup(address: string): string {
  const parsed = parseAddress(address)
  if (parsed instanceof ipaddr.IPv6) return `${parsed.parts.slice(0, NETWORK_GROUPS).join(':')}/64`
  return parsed?.toString() ?? address
}
