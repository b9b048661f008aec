import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { buildConnector } from 'undici'
import { parseAddress, type AddressSet } from '../address/address-set.ts'

/** How long a connection to an upstream may take, in ms. */
const CONNECT_MS_MAX = 10_000

/** An upstream's address is not one that may be called. The address goes to the log alone. */
class UpstreamAddressRefused extends Error {
  override readonly name = 'UpstreamAddressRefused'
  readonly code = 'SALLYPORT_ADDRESS_REFUSED'
}

/** Whether an address is one of the public internet's: everything private, local or reserved is not. */
export function isPublicAddress(address: string): boolean {
  const parsed = parseAddress(address)
  if (parsed === undefined || parsed.range() !== 'unicast') return false
  // All global unicast addresses so far are in 2000::/3 (RFC 4291 section 2.4 and IANA's registry).
  return parsed instanceof ipaddr.IPv6 ? (parsed.parts[0] ?? 0) >>> 13 === 1 : true
}

/**
 * Makes undici's connector for upstreams. An address is judged where the connection is made, on the literal or on
 * every answer of the resolver, so that no second look-up can answer otherwise.
 *
 * @param allowed private addresses that the operator lists
 */
export function upstreamConnector(allowed: AddressSet): buildConnector.connector {
  const mayCall = (address: string): boolean => isPublicAddress(address) || allowed.has(address)
  const connect = buildConnector({ timeout: CONNECT_MS_MAX, allowH2: false, lookup: judgingLookup(mayCall) })
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) !== 0 && !mayCall(host)) {
      callback(new UpstreamAddressRefused(`${host} is not a public address and is not listed`), null)
      return
    }
    connect(options, callback)
  }
}

function judgingLookup(mayCall: (address: string) => boolean): LookupFunction {
  return (hostname, options: LookupOptions, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
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
