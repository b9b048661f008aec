import { HostKeys } from './host-keys.ts'

/** The environment that a host belongs to. */
export interface HostEnvironment {
  readonly organization: string
  readonly environment: string
}

/**
 * The hosts that the operator gives to environments. Only the operator's settings change it, so no organization can take the
 * host of another one.
 */
export class EnvironmentHosts {
  readonly #environments: HostKeys<HostEnvironment>

  /** @param environments by host in lower case without a final dot, or by pattern such as `*.example.com` */
  constructor(environments: ReadonlyMap<string, HostEnvironment>) {
    this.#environments = new HostKeys(environments)
  }

  get isEmpty(): boolean {
    return this.#environments.all.size === 0
  }

  /** The environment of a host, or of all hosts of a pattern. */
  environmentOf(host: string): HostEnvironment | undefined {
    const key = this.#environments.keyOf(host)
    return key === undefined ? undefined : this.#environments.all.get(key)
  }

  /** Whether a host belongs to an environment; or some of the hosts of a pattern, for which the others do not count. */
  isServed(host: string, place: HostEnvironment): boolean {
    const found = this.environmentOf(host)
    if (found !== undefined && isSame(found, place)) return true
    return host.startsWith('*') && this.hostsOf(place).some((each) => each.endsWith(host.slice(1)))
  }

  /** The hosts and patterns of an environment, in the order of the settings. */
  hostsOf(place: HostEnvironment): string[] {
    return [...this.#environments.all].flatMap(([host, of]) => (isSame(of, place) ? [host] : []))
  }
}

function isSame(one: HostEnvironment, other: HostEnvironment): boolean {
  return one.organization === other.organization && one.environment === other.environment
}
