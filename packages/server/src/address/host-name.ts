import { isIPv6 } from 'node:net'
import { parseAddress } from './address-set.ts'

/** `uri-host [ ":" port ]` (RFC 9110 section 7.2). */
const HOST = /^(?:\[((?=[^\]]*:)[0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,255}))(?::(\d{0,5}))?$/i
const PORT_MAX = 65_535

/**
 * Whether a text can be the value of `Host`. The grammar also allows percent-encoding and characters such as `'` and `,`. No
 * host has them, and not everything behind a gateway expects them, so they are refused.
 */
export function isHost(text: string): boolean {
  if (text === lastHost) return true
  const isValid = matchesHost(text)
  if (isValid) lastHost = text
  return isValid
}

/** The last text that was a host: most requests to a server name the same one. */
let lastHost = ''

function matchesHost(text: string): boolean {
  const [match, ipv6, , port = ''] = HOST.exec(text) ?? []
  return match !== undefined && Number(port) <= PORT_MAX && (ipv6 === undefined || isIPv6(ipv6))
}

/**
 * The host of a `Host` header, a setting or a URL, without its port: a name in lower case without a final dot, or an
 * address in its shortest form without brackets. The same host always gives the same text.
 *
 * @returns undefined if the text is no host
 */
export function hostName(text: string): string | undefined {
  const bare = parseAddress(text)
  if (bare !== undefined) return bare.toString()
  const [, ipv6, other] = HOST.exec(text) ?? []
  if (ipv6 !== undefined) return parseAddress(ipv6)?.toString()
  if (other === undefined) return undefined
  const address = parseAddress(other)
  return address === undefined ? other.toLowerCase().replace(/\.$/, '') : address.toString()
}
