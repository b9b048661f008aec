import type { EnvironmentView, Snapshot } from '@sallyport/core'

/** The environment that a host belongs to. */
export interface HostEnvironment {
  readonly organization: string
  readonly environment: string
}

/** The environment that a request addresses, and the path within it. */
export interface EnvironmentPath {
  readonly environment: EnvironmentView | undefined
  readonly path: string
}

/** Maps hosts to the environments that have a host of their own. */
export class HostMap {
  readonly #environments: ReadonlyMap<string, HostEnvironment>

  constructor(hosts: ReadonlyMap<string, HostEnvironment>) {
    this.#environments = new Map([...hosts].map(([host, target]) => [hostName(host), target]))
  }

  get isEmpty(): boolean {
    return this.#environments.size === 0
  }

  /** The environment of a host, or undefined. */
  environmentOf(host: string | undefined): HostEnvironment | undefined {
    return host === undefined || this.#environments.size === 0
      ? undefined
      : this.#environments.get(hostName(host))
  }

  /** Resolves a path within the host's environment, or in the one that the path's first two segments name. */
  locate(snapshot: Snapshot, host: string | undefined, path: string): EnvironmentPath {
    const own = this.environmentOf(host)
    if (own !== undefined) {
      return { environment: snapshot.environment(own.organization, own.environment), path }
    }
    const second = path.indexOf('/', 1)
    if (second < 0) return NO_ENVIRONMENT
    const third = path.indexOf('/', second + 1)
    const organization = path.slice(1, second)
    const name = third < 0 ? path.slice(second + 1) : path.slice(second + 1, third)
    return {
      environment: snapshot.environment(organization, name),
      path: third < 0 ? '/' : path.slice(third),
    }
  }
}

const NO_ENVIRONMENT: EnvironmentPath = { environment: undefined, path: '/' }

/** A host without its port and trailing dot, in lower case (RFC 9110 section 4.2.3). */
function hostName(host: string): string {
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':')
  const name = (end <= 0 ? host : host.slice(0, end)).toLowerCase()
  return name.endsWith('.') ? name.slice(0, -1) : name
}
