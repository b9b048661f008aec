import { parseAddress } from '../../address/address-set.ts'

/** The most characters of the URL of a key set. */
const JWKS_URL_CHARS_MAX = 2048

/** Only what a URL has (RFC 3986 appendix A): a backslash, a tab or a line break is read differently by different readers. */
const WRITTEN =
  /^https?:\/\/([A-Za-z0-9\-._~:[\]@!$&'()*+,;=%]+)(?:[/?][A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=%]*)?$/

/** Names that no public resolver answers for (RFC 6761 section 6.3, RFC 6762 section 3), and those of a cluster. */
const PRIVATE_SUFFIXES = ['.localhost', '.local', '.internal', '.svc'] as const
const PRIVATE_RANGES: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal'])

/**
 * Says what is wrong with the URL of an issuer's keys. Over plain HTTP on the internet anybody on the way could put in
 * keys of his own and mint tokens, so that it is taken for names and addresses of a private network alone.
 */
export function jwksUrlProblem(text: string): string | undefined {
  if (text.length > JWKS_URL_CHARS_MAX) return `A URL has at most ${JWKS_URL_CHARS_MAX} characters.`
  if (text.includes('#')) return 'The URL has no "#" part: it would never be sent.'
  const authority = WRITTEN.exec(text)?.[1]
  if (authority === undefined || !URL.canParse(text))
    return 'It is a URL that begins with "https://" and a host.'
  if (authority.includes('@')) return 'The URL has no user name or password.'
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || isPrivateHost(hostname)
    ? undefined
    : 'The URL begins with "https://": with plain HTTP anybody on the way could put in other keys. Only a host of a private network may have "http://".'
}

/** @param hostname as a URL's reader gives it: in lower case, addresses in their one form */
function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  const address = parseAddress(host)
  if (address !== undefined) return PRIVATE_RANGES.has(address.range())
  const name = host.replace(/\.$/, '')
  return !name.includes('.') || PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix))
}
