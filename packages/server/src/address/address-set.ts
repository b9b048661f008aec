import ipaddr from 'ipaddr.js'
import { parseIpv4 } from './ipv4.ts'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = readonly [base: Address, bits: number]

/** The bits of `::ffff:0:0/96`, before the IPv4 address that a mapped address holds (RFC 4291 section 2.5.5.2). */
const MAPPED_BITS = 96

/** A range of IPv4 addresses, including both ends. */
type Ipv4Range = readonly [first: number, last: number]

/** A set of address ranges, parsed once. */
export class AddressSet {
  readonly #ipv4: readonly Ipv4Range[]
  readonly #ipv6: readonly Range[]

  /** @param ranges in CIDR form, or single addresses; invalid ones match nothing */
  constructor(ranges: readonly string[]) {
    const parsed = ranges.map(parseRange).filter((range) => range !== undefined)
    this.#ipv4 = parsed.filter(([base]) => base.kind() === 'ipv4').map(ipv4Range)
    this.#ipv6 = parsed.filter(([base]) => base.kind() === 'ipv6')
  }

  /** Whether an address is in one of the ranges. An invalid address is in none. */
  has(address: string): boolean {
    // Usual for trusted proxies, and cheaper than parsing an IPv6 address: 1.1 µs.
    if (this.#ipv4.length === 0 && this.#ipv6.length === 0) return false
    // An address of one family is never compared with a range of the other.
    const plain = parseIpv4(address)
    if (plain >= 0) return this.#hasIpv4(plain)
    const parsed = parseAddress(address)
    if (parsed === undefined) return false
    if (parsed instanceof ipaddr.IPv4) return this.#hasIpv4(parseIpv4(parsed.toString()))
    return this.#ipv6.some((range) => parsed.match(range[0], range[1]))
  }

  #hasIpv4(address: number): boolean {
    for (const [first, last] of this.#ipv4) if (address >= first && address <= last) return true
    return false
  }
}

function ipv4Range([base, bits]: Range): Ipv4Range {
  const size = 2 ** (32 - bits)
  const first = Math.floor(parseIpv4(base.toString()) / size) * size
  return [first, first + size - 1]
}

/** Parses an address; undefined if it is invalid. A mapped IPv4 address becomes an IPv4 address. */
export function parseAddress(text: string): Address | undefined {
  // Only the four-part form: parsers disagree on "127.1" and "0x7f000001".
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return undefined
  return ipaddr.process(text)
}

function parseRange(text: string): Range | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) {
    const single = parseAddress(text)
    return single === undefined ? undefined : [single, single.kind() === 'ipv4' ? 32 : 128]
  }
  if (!ipaddr.isValidCIDR(text)) return undefined
  const [base, bits] = ipaddr.parseCIDR(text)
  if (base instanceof ipaddr.IPv6 && base.isIPv4MappedAddress() && bits >= MAPPED_BITS) {
    return [base.toIPv4Address(), bits - MAPPED_BITS]
  }
  return [base, bits]
}

/** Caches parsed sets by the identity of their list, since many keys can share one list. */
export class AddressSetCache {
  readonly #sets = new WeakMap<readonly string[], AddressSet>()

  of(ranges: readonly string[]): AddressSet {
    let set = this.#sets.get(ranges)
    if (set === undefined) {
      set = new AddressSet(ranges)
      this.#sets.set(ranges, set)
    }
    return set
  }
}
