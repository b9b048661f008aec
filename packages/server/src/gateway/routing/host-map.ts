import { EnvironmentHosts, type EnvironmentView, type HostEnvironment, type Snapshot } from '@sallyport/core'
import { hostName } from '../../address/host-name.ts'

/** The environment that a request addresses, and the path within it. */
export interface EnvironmentPath {
  readonly environment: EnvironmentView | undefined
  readonly path: string
  /** The host in lower case without port and final dot, if it belongs to the environment; null for a shared one. */
  readonly host: string | null
}

/** With its final dot; a longer name cannot exist (RFC 1035 section 2.3.4). */
const NAME_CHARS_MAX = 254
/**
 * A name without empty labels, or an IPv4 address. Nearly every request has one, and the parser of all addresses takes a hundred
 * times as long.
 */
const NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/i
const NAME_AND_PORT = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?:\d{0,5}$/i

/** Maps hosts to the environments that have hosts of their own. */
export class HostMap {
  readonly #hosts: EnvironmentHosts
  /** Without patterns, which no request can name. */
  readonly #direct: ReadonlyMap<string, HostEnvironment>
  readonly #hasIpv6: boolean

  /** @param hosts as in `EnvironmentHosts` */
  constructor(hosts: ReadonlyMap<string, HostEnvironment>) {
    this.#hosts = new EnvironmentHosts(hosts)
    this.#direct = new Map([...hosts].filter(([host]) => !host.startsWith('*')))
    this.#hasIpv6 = [...hosts.keys()].some((host) => host.includes(':'))
  }

  /** The environment of a host, which may have a port, or undefined. */
  environmentOf(host: string | undefined): HostEnvironment | undefined {
    if (host === undefined || this.#hosts.isEmpty) return undefined
    const direct = this.#direct.get(host)
    if (direct !== undefined) return direct
    const name = this.#nameOf(host)
    return name === undefined ? undefined : this.#hosts.environmentOf(name)
  }

  /** The host as `hostName` has it, if it can have an environment. */
  #nameOf(host: string): string | undefined {
    if (host.startsWith('[')) return this.#hasIpv6 ? hostName(host) : undefined
    const colon = host.indexOf(':')
    const name = colon < 0 ? host : host.slice(0, colon)
    if (name.length > NAME_CHARS_MAX || !(colon < 0 ? NAME : NAME_AND_PORT).test(host)) return undefined
    return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase()
  }

  /** Resolves a path within the host's environment, or in the one that the path's first two segments name. */
  locate(snapshot: Snapshot, host: string | undefined, path: string): EnvironmentPath {
    const own = this.environmentOf(host)
    if (own !== undefined && host !== undefined) {
      const environment = snapshot.environment(own.organization, own.environment)
      return { environment, path, host: this.#direct.has(host) ? host : (this.#nameOf(host) ?? null) }
    }
    const second = path.indexOf('/', 1)
    if (second < 0) return NO_ENVIRONMENT
    const third = path.indexOf('/', second + 1)
    const organization = path.slice(1, second)
    const name = third < 0 ? path.slice(second + 1) : path.slice(second + 1, third)
    return {
      environment: snapshot.environment(organization, name),
      path: third < 0 ? '/' : path.slice(third),
      host: null,
    }
  }
}

const NO_ENVIRONMENT: EnvironmentPath = { environment: undefined, path: '/', host: null }
