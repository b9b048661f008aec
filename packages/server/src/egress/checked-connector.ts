import {
  lookup as systemLookup,
  type LookupAddress,
  type LookupAllOptions,
  type LookupOptions,
} from 'node:dns'
import { isIP, Socket, type LookupFunction } from 'node:net'
import { CONNECT_TIMEOUT_MS_MAX } from '@sallyport/core'
import ipaddr from 'ipaddr.js'
import { buildConnector } from 'undici'
import { AddressSet, parseAddress } from '../address/address-set.ts'
import { ignoreContinue } from './ignore-continue.ts'
import type { UpstreamTls } from './upstream-tls.ts'

const NOT_ALLOWED = 'is not public and not in SALLYPORT_UPSTREAM_ALLOW'

/** The destination resolves to an address that must not be called. The message names it, so it belongs in the log only. */
class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
  readonly code = 'SALLYPORT_ADDRESS_REFUSED'
}

/** Resolves a name to all of its addresses, like `lookup` of `node:dns` with `all`. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** In a public range, but local to the host's platform: Azure answers only its own virtual machines there. */
const PLATFORM_ADDRESSES = new AddressSet(['168.63.129.16'])

/** Whether an address belongs to the public internet. Private, local and reserved addresses do not. */
export function isPublicAddress(address: string): boolean {
  const parsed = parseAddress(address)
  if (parsed === undefined || parsed.range() !== 'unicast' || PLATFORM_ADDRESSES.has(address)) return false
  // All global unicast addresses so far are in 2000::/3 (RFC 4291 section 2.4 and IANA's registry).
  return parsed instanceof ipaddr.IPv6 ? (parsed.parts[0] ?? 0) >>> 13 === 1 : true
}

/** Whether an address may be called: it is public, or listed. @param allowed the listed ones */
export function addressCheck(allowed: AddressSet): (address: string) => boolean {
  return (address) => isPublicAddress(address) || allowed.has(address)
}

/**
 * Makes a connector for undici that connects to public and listed addresses only. It checks the address at the time of
 * the connection: the literal, or every address that the resolver returns. A second lookup cannot bypass it.
 *
 * @param allowed private addresses that may be called
 * @param resolve called once for each connection to a name; the system's resolver unless given
 * @param tls of every connection of this connector, which also keeps sessions to resume; null for what Node.js does by default
 */
export function checkedConnector(
  allowed: AddressSet,
  resolve: Resolve = systemLookup,
  tls: UpstreamTls | null = null,
): buildConnector.connector {
  const mayCall = addressCheck(allowed)
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS_MAX,
    allowH2: false,
    lookup: checkedLookup(mayCall, resolve),
    ...(tls === null ? {} : { secureContext: tls.secureContext }),
  })
  return (options, callback) => {
    const { hostname } = options
    if (isIP(hostname) !== 0 && !mayCall(hostname)) {
      callback(new AddressRefused(`${hostname} ${NOT_ALLOWED}`), null)
      return
    }
    // undici would take the name from a Host header, which can be that of a caller.
    const servername = tls?.serverName ?? (isIP(hostname) === 0 ? hostname : '')
    connect({ ...options, servername }, (...result) => {
      const [, socket] = result
      socket?.on('error', renameReset)
      if (socket instanceof Socket) ignoreContinue(socket)
      callback(...result)
    })
  }
}

/** The code of an error that reports a reset connection. */
export const CONNECTION_RESET = 'SALLYPORT_CONNECTION_RESET'

/**
 * undici takes a reset for the end of a response that is delimited only by the end of its connection. It recognizes a
 * reset by this code, and so passes the error on under another one. It adds its own listener after this one.
 */
function renameReset(error: NodeJS.ErrnoException): void {
  if (error.code === 'ECONNRESET') error.code = CONNECTION_RESET
}

function checkedLookup(mayCall: (address: string) => boolean, resolve: Resolve): LookupFunction {
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
          refused === undefined ? 'has no address' : `resolves to ${refused.address}, which ${NOT_ALLOWED}`
        callback(new AddressRefused(`${hostname} ${reason}`), [])
      } else if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}
