import { parseAddress } from '../address/address-set.ts'

/** The characters of a URL (RFC 3986 appendix A): parsers disagree on backslashes, tabs and line breaks. */
const HTTP_URL =
  /^https?:\/\/([A-Za-z0-9\-._~:[\]@!$&'()*+,;=%]+)(?:[/?][A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=%]*)?$/

/** Names that public resolvers never resolve (RFC 6761 section 6.3, RFC 6762 section 3), and those of a cluster. */
const PRIVATE_SUFFIXES = ['.localhost', '.local', '.internal', '.svc'] as const
const PRIVATE_RANGES: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal'])

/**
 * The problem of a URL that this server calls on behalf of an organization, or undefined. Plain HTTP is accepted only for
 * private networks.
 *
 * @param risk what could happen over plain HTTP, for the message
 */
export function outgoingUrlProblem(text: string, charsMax: number, risk: string): string | undefined {
  if (text.length > charsMax) return `A URL has at most ${charsMax} characters.`
  if (text.includes('#')) return 'Remove the "#" part of the URL: it is never sent.'
  const authority = HTTP_URL.exec(text)?.[1]
  if (authority === undefined || !URL.canParse(text))
    return 'Use a URL that starts with "https://" and a host.'
  if (authority.includes('@')) return 'Remove the user name and password from the URL.'
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || isPrivateHost(hostname)
    ? undefined
    : `Use a URL that starts with "https://": over plain HTTP, ${risk}. Only hosts of a private network may use "http://".`
}

/** @param hostname as `URL` returns it: in lower case, addresses in canonical form */
function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  const address = parseAddress(host)
  if (address !== undefined) return PRIVATE_RANGES.has(address.range())
  const name = host.replace(/\.$/, '')
  return !name.includes('.') || PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix))
}
