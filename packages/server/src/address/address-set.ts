import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = readonly [base: Address, bits: number]

/** The bits of `::ffff:0:0/96`, before the IPv4 address that a mapped address holds (RFC 4291 section 2.5.5.2). */
const MAPPED_BITS = 96

/** Ranges of addresses, parsed once. */
export class AddressSet {
  readonly #ranges: readonly Range[]

  /** @param ranges in CIDR form, or single addresses; one that does not parse matches nothing */
  constructor(ranges: readonly string[]) {
    this.#ranges = ranges.map(parseRange).filter((range) => range !== undefined)
  }

  get isEmpty(): boolean {
    return this.#ranges.length === 0
  }

  /** Whether an address lies in one of the ranges. What is no address lies in none. */
  has(address: string): boolean {
    const parsed = parseAddress(address)
    if (parsed === undefined) return false
    return this.#ranges.some(
      // An address of one family is never compared with a range of the other.
      (range) => range[0].kind() === parsed.kind() && parsed.match(range[0], range[1]),
    )
  }
}

/** An address, or undefined; an IPv4 address in IPv6 clothes comes out as what it is. */
export function parseAddress(text: string): Address | undefined {
  // Only the four-part form: "127.1" and "0x7f000001" are read differently by different readers.
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

/** Parsed ranges by the list that they came from, for lists that many keys share and that live as long as they do. */
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
