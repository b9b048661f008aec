import ipaddr from 'ipaddr.js'

export type ParsedRange =
  { readonly ok: true; readonly value: string } | { readonly ok: false; readonly message: string }

/**
 * Reads an address or a range of addresses (RFC 4632 section 3.1, RFC 4291 section 2.3) into CIDR form; an address
 * becomes the range that holds it alone.
 */
export function parseRange(text: string): ParsedRange {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return { ok: true, value: `${text}/32` }
  if (ipaddr.IPv6.isValid(text) && !text.includes('%')) return { ok: true, value: `${text}/128` }
  const isCidr =
    ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || (ipaddr.IPv6.isValidCIDR(text) && !text.includes('%'))
  if (!isCidr) return { ok: false, message: 'is not an address or a range such as 10.0.0.0/8.' }
  const [address, prefix] = ipaddr.parseCIDR(text)
  const network =
    address.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(text)
      : ipaddr.IPv6.networkAddressFromCIDR(text)
  // 10.1.2.3/8 is a typing error of something: either the address or the length is not what was meant.
  if (network.toNormalizedString() !== address.toNormalizedString()) {
    return {
      ok: false,
      message: `has bits behind its /${prefix}; the range is ${network.toString()}/${prefix}.`,
    }
  }
  return { ok: true, value: text }
}
