import type { HostEnvironment } from '@sallyport/core'

/** A name as browsers compare it. They convert any other, so it could mean any. */
const NAME = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/

/** The hosts of this server that cookies of one organization must not reach. */
export class OtherHosts {
  readonly #names: readonly string[]
  /** The ends of patterns, such as `example.com` of `*.example.com`. */
  readonly #ends: readonly string[]

  /** @param hosts names and patterns */
  constructor(hosts: readonly string[]) {
    this.#names = hosts.filter((host) => !host.startsWith('*.'))
    this.#ends = hosts.filter((host) => host.startsWith('*.')).map((host) => host.slice(2))
  }

  /** Whether a browser would send a cookie with this `Domain` (RFC 6265 section 5.1.3) to one of the hosts. */
  areIn(domain: string): boolean {
    const name = domain.trim().toLowerCase().replace(/^\./, '').replace(/\.$/, '')
    if (name === '') return false
    if (!NAME.test(name)) return true
    return (
      [...this.#names, ...this.#ends].some((host) => isIn(host, name)) ||
      this.#ends.some((end) => isIn(name, end))
    )
  }
}

function isIn(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`)
}

/**
 * The hosts of other organizations, and those that all share, for each organization with a host of its own.
 *
 * @param hosts as in `EnvironmentHosts`
 * @param shared names of the server's own hosts
 */
export function otherHosts(
  hosts: ReadonlyMap<string, HostEnvironment>,
  shared: readonly string[],
): ReadonlyMap<string, OtherHosts> {
  const organizations = new Set([...hosts.values()].map(({ organization }) => organization))
  return new Map(
    [...organizations].map((organization) => {
      const others = [...hosts].flatMap(([host, of]) => (of.organization === organization ? [] : [host]))
      return [organization, new OtherHosts([...others, ...shared])]
    }),
  )
}

/**
 * Keeps cookies from the hosts of others: a `Domain` that has some of them in it is dropped, so that the cookie is for its own
 * host alone.
 *
 * @param headers alternating names and values
 */
export function withoutForeignCookies(headers: string[], others: OtherHosts): string[] {
  let kept = headers
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() !== 'set-cookie') continue
    const cookie = headers[index + 1] ?? ''
    const own = cookieFrom(cookie, others)
    if (own === cookie) continue
    if (kept === headers) kept = [...headers]
    kept[index + 1] = own
  }
  return kept
}

function cookieFrom(cookie: string, others: OtherHosts): string {
  const [pair = '', ...attributes] = cookie.split(';')
  const domains = attributes.filter(isDomain)
  if (!domains.some((domain) => others.areIn(domain.slice(domain.indexOf('=') + 1)))) return cookie
  return [pair, ...attributes.filter((attribute) => !isDomain(attribute))].join(';')
}

function isDomain(attribute: string): boolean {
  const equals = attribute.indexOf('=')
  return equals >= 0 && attribute.slice(0, equals).trim().toLowerCase() === 'domain'
}
