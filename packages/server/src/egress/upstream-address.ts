import {
  lookup as systemLookup,
  type LookupAddress,
  type LookupAllOptions,
  type LookupOptions,
} from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { buildConnector } from 'undici'
import { AddressSet, parseAddress } from '../address/address-set.ts'

/** How long a connection to an upstream may take, in ms. */
const CONNECT_MS_MAX = 10_000

/** An upstream's address is not one that may be called. The address goes to the log alone. */
class UpstreamAddressRefused extends Error {
  override readonly name = 'UpstreamAddressRefused'
  readonly code = 'SALLYPORT_ADDRESS_REFUSED'
}

/** Gives every address of a name, as `lookup` of `node:dns` does with `all`. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** Public by its range, and yet of the machine's own platform: there Azure answers its virtual machines alone. */
const NOT_PUBLIC = new AddressSet(['168.63.129.16'])

/** Whether an address is one of the public internet's: everything private, local or reserved is not. */
export function isPublicAddress(address: string): boolean {
  const parsed = parseAddress(address)
  if (parsed === undefined || parsed.range() !== 'unicast' || NOT_PUBLIC.has(address)) return false
  // All global unicast addresses so far are in 2000::/3 (RFC 4291 section 2.4 and IANA's registry).
  return parsed instanceof ipaddr.IPv6 ? (parsed.parts[0] ?? 0) >>> 13 === 1 : true
}

/**
 * Makes undici's connector for upstreams. An address is judged where the connection is made, on the literal or on
 * every answer of the resolver, so that no second look-up can answer otherwise.
 *
 * @param allowed private addresses that the operator lists
 * @param resolve asked once for each connection to a name
 */
export function upstreamConnector(
  allowed: AddressSet,
  resolve: Resolve = systemLookup,
): buildConnector.connector {
  const mayCall = (address: string): boolean => isPublicAddress(address) || allowed.has(address)
  const connect = buildConnector({
    timeout: CONNECT_MS_MAX,
    allowH2: false,
    lookup: judgingLookup(mayCall, resolve),
  })
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) !== 0 && !mayCall(host)) {
      callback(new UpstreamAddressRefused(`${host} is not a public address and is not listed`), null)
      return
    }
    connect(options, callback)
  }
}

function judgingLookup(mayCall: (address: string) => boolean, resolve: Resolve): LookupFunction {
  return (hostname, options: LookupOptions, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, [])
        return
      }
      const refused = addresses.find(({ address }) => !mayCall(address))
      const [first] = addresses
      if (refused !== undefined || first === undefined) {
        const reason =
          refused === undefined ? 'no address' : `${refused.address}, which is not public and not listed`
        callback(new UpstreamAddressRefused(`${hostname} has ${reason}`), [])
      } else if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}
