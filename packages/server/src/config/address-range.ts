import ipaddr from 'ipaddr.js'

export type ParsedRange =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string }

/**
 * Parses an address or a CIDR range (RFC 4632 section 3.1, RFC 4291 section 2.3). A single address becomes a /32 or
 * /128 range.
 *
 * @returns the range in CIDR form, or the end of a sentence that starts with the quoted text
 */
export function parseRange(text: string): ParsedRange {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return { ok: true, value: `${text}/32` }
  if (ipaddr.IPv6.isValid(text) && !text.includes('%')) return { ok: true, value: `${text}/128` }
  const isCidr =
    ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || (ipaddr.IPv6.isValidCIDR(text) && !text.includes('%'))
  if (!isCidr)
    return {
      ok: false,
      message: 'is not an IP address or CIDR range. Use a form such as 10.0.0.5 or 10.0.0.0/8.',
    }
  const [address, prefix] = ipaddr.parseCIDR(text)
  const network =
    address.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(text)
      : ipaddr.IPv6.networkAddressFromCIDR(text)
  // 10.1.2.3/8 is ambiguous: either the address or the prefix length is a typing error.
  if (network.toNormalizedString() !== address.toNormalizedString()) {
    return {
      ok: false,
      message:
        `has address bits after its /${prefix} prefix. ` +
        `Use ${network.toString()}/${prefix} for the range, or ${address.toString()} for the address.`,
    }
  }
  return { ok: true, value: text }
}
