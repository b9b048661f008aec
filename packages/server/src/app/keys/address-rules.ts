import { ADDRESS_RULES_PER_KEY_MAX } from '@sallyport/core'
import ipaddr from 'ipaddr.js'
import type { FieldError } from '../refusals.ts'

const RULE_CHARS_MAX = 64
const PREFIX = /^(0|[1-9][0-9]{0,2})$/

/** Address rules in the form in which they are kept, or what is wrong with them. */
export type AddressRules =
  | { readonly rules: readonly string[]; readonly errors: readonly [] }
  | { readonly rules: readonly []; readonly errors: readonly FieldError[] }

/** Reads address rules: single addresses and ranges (RFC 4632, RFC 4291), each as a range without stray host bits. */
export function readAddressRules(path: string, texts: readonly string[]): AddressRules {
  if (texts.length > ADDRESS_RULES_PER_KEY_MAX) {
    return {
      rules: [],
      errors: [{ path, message: `A key has at most ${ADDRESS_RULES_PER_KEY_MAX} address rules.` }],
    }
  }
  const errors: FieldError[] = []
  const rules = new Set<string>()
  for (const [index, text] of texts.entries()) {
    const range = cidr(text)
    if (range === undefined) {
      errors.push({
        path: `${path}/${index}`,
        message: 'An address rule is an address or a range, such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32.',
      })
    } else rules.add(range)
  }
  return errors.length > 0 ? { rules: [], errors } : { rules: [...rules], errors: [] }
}

function cidr(text: string): string | undefined {
  if (text.length > RULE_CHARS_MAX) return undefined
  const [address = '', prefix, ...more] = text.split('/')
  if (more.length > 0 || (prefix !== undefined && !PREFIX.test(prefix))) return undefined
  // The old forms of an IPv4 address (octal, one number) are read differently from place to place.
  if (ipaddr.IPv4.isValidFourPartDecimal(address))
    return ipv4Range(ipaddr.IPv4.parse(address), Number(prefix ?? 32))
  if (!ipaddr.IPv6.isValid(address) || address.includes('%')) return undefined
  const parsed = ipaddr.IPv6.parse(address)
  const bits = Number(prefix ?? 128)
  // A caller over a mapped address is known by its IPv4 address, so its rule must be too.
  if (parsed.isIPv4MappedAddress() && bits >= 96) return ipv4Range(parsed.toIPv4Address(), bits - 96)
  if (bits > 128) return undefined
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${bits}`).toString()}/${bits}`
}

function ipv4Range(address: ipaddr.IPv4, bits: number): string | undefined {
  if (bits > 32) return undefined
  return `${ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`
}
