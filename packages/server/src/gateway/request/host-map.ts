import type { EnvironmentView, Snapshot } from '@sallyport/core'

/** Which environment a host belongs to. */
export interface HostTarget {
  readonly organization: string
  readonly environment: string
}

/** Where a request goes: an environment, and the path within it. */
export interface Place {
  readonly environment: EnvironmentView | undefined
  readonly path: string
}

/** The environments that have a host of their own. */
export class HostMap {
  readonly #targets: ReadonlyMap<string, HostTarget>

  constructor(hosts: ReadonlyMap<string, HostTarget>) {
    this.#targets = new Map([...hosts].map(([host, target]) => [hostName(host), target]))
  }

  get isEmpty(): boolean {
    return this.#targets.size === 0
  }

  /** Which environment a host belongs to, or undefined. */
  target(host: string | undefined): HostTarget | undefined {
    return host === undefined || this.#targets.size === 0 ? undefined : this.#targets.get(hostName(host))
  }

  /** Where a path leads: within the host's own environment, or into the one that its first two segments name. */
  locate(snapshot: Snapshot, host: string | undefined, path: string): Place {
    const target = this.target(host)
    if (target !== undefined) {
      return { environment: snapshot.environment(target.organization, target.environment), path }
    }
    const second = path.indexOf('/', 1)
    if (second < 0) return NOWHERE
    const third = path.indexOf('/', second + 1)
    const organization = path.slice(1, second)
    const name = third < 0 ? path.slice(second + 1) : path.slice(second + 1, third)
    return {
      environment: snapshot.environment(organization, name),
      path: third < 0 ? '/' : path.slice(third),
    }
  }
}

const NOWHERE: Place = { environment: undefined, path: '/' }

/** A host without its port and the dot that may end it, in lower case (RFC 9110 section 4.2.3). */
function hostName(host: string): string {
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':')
  const name = (end <= 0 ? host : host.slice(0, end)).toLowerCase()
  return name.endsWith('.') ? name.slice(0, -1) : name
}
