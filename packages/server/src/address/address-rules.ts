import type { Branded, Parsed } from '@sallyport/core'
import ipaddr from 'ipaddr.js'

/** A range of caller addresses in canonical CIDR form, as it is stored with a key. */
export type AddressRule = Branded<string, 'AddressRule'>

const RULE_CHARS_MAX = 64
const PREFIX = /^(0|[1-9][0-9]{0,2})$/

/**
 * Parses an address or a range of addresses (RFC 4632, RFC 4291). An address becomes the range that contains only this
 * address; bits after the prefix are cleared.
 */
export function parseAddressRule(text: string): Parsed<AddressRule> {
  const range = canonicalRange(text)
  return range === undefined
    ? {
        ok: false,
        problem: 'Use an IP address or a range, such as 192.0.2.7, 203.0.113.0/24 or 2001:db8::/32.',
      }
    : { ok: true, value: range as AddressRule }
}

function canonicalRange(text: string): string | undefined {
  if (text.length > RULE_CHARS_MAX) return undefined
  const [address = '', prefix, ...more] = text.split('/')
  if (more.length > 0 || (prefix !== undefined && !PREFIX.test(prefix))) return undefined
  // Parsers disagree on the old forms of an IPv4 address: octal parts, or a single number.
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
    return ipv4Range(ipaddr.IPv4.parse(address), Number(prefix ?? 32))
  }
  if (!ipaddr.IPv6.isValid(address) || address.includes('%')) return undefined
  const parsed = ipaddr.IPv6.parse(address)
  const bits = Number(prefix ?? 128)
  // Gateways convert a caller's IPv4-mapped address to IPv4 before they compare it, so the rule must be IPv4 too.
  if (parsed.isIPv4MappedAddress() && bits >= 96) return ipv4Range(parsed.toIPv4Address(), bits - 96)
  if (bits > 128) return undefined
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${bits}`).toString()}/${bits}`
}

function ipv4Range(address: ipaddr.IPv4, bits: number): string | undefined {
  if (bits > 32) return undefined
  return `${ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`
}
