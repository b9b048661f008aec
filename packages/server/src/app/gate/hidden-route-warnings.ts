import {
  deploymentFacts,
  hostsOf,
  isExposing,
  isPreferredHost,
  methodsOfPath,
  needsLess,
  patternsMeet,
  routeSegments,
  versionText,
  type DeploymentFacts,
  type Guard,
  type PipelineSpec,
  type RouteSegment,
  type Warning,
} from '@sallyport/core'
import type { LiveRoutes } from '../../store/port/deployments.ts'
import { namesText } from './names-text.ts'

/**
 * The most pairs of routes that are compared for one version, since the gate runs inside the write transaction: 80 ms. Beyond
 * it nothing is found.
 */
const COMPARED_MAX = 500_000

/** The routes of a deployment with what they require. */
interface GuardedRoutes {
  readonly guard: Guard
  readonly hosts: readonly string[]
  readonly routes: readonly {
    readonly segments: readonly RouteSegment[]
    readonly methods: readonly string[]
  }[]
}

/**
 * Warns where routes of a host take requests from routes of a wider pattern of hosts or of any host, and require less than
 * those. The gateway compares hosts before paths, so `/users/**` at a host hides `/users/admin` of a pipeline without hosts.
 *
 * @param others the live deployments of the environment that can share a host with the version, without the one that it
 *   replaces
 * @param hidden the ids of those that are not named
 * @param isServed whether a host, or some host of a pattern, belongs to the environment. Others have no effect there
 */
export function hiddenRouteWarnings(
  spec: PipelineSpec,
  others: readonly LiveRoutes[],
  hidden: ReadonlySet<string>,
  isServed: (host: string) => boolean,
): Warning[] {
  if (!isExposing(spec.trigger.kind)) return []
  const own = guardedRoutes(deploymentFacts(spec))
  const comparison = new BoundedComparison(isServed)
  const taken = { hosts: new Set<string>(), names: new Set<string>() }
  const lost = { hosts: new Set<string>(), names: new Set<string>() }
  for (const row of others) {
    const other = guardedRoutes(row)
    const name = hidden.has(row.id) ? UNNAMED : `${row.pipeline} ${versionText(row)}`
    for (const [found, hosts] of [
      [taken, comparison.hostsTaken(own, other)],
      [lost, comparison.hostsTaken(other, own)],
    ] as const) {
      if (hosts.length > 0) found.names.add(name)
      for (const host of hosts) found.hosts.add(host)
    }
  }
  return [
    ...(taken.names.size === 0
      ? []
      : [
          {
            rule: 'guarded-route-hidden',
            path: '/trigger/hosts',
            detail: `At ${namesText(taken.hosts)}, this version answers requests for routes of ${namesText(taken.names)}, and does not require the credentials or addresses that those require. Require the same, or narrow the paths.`,
          },
        ]),
    ...(lost.names.size === 0
      ? []
      : [
          {
            rule: 'guarded-route-lost',
            path: '/trigger/authentication',
            detail: `At ${namesText(lost.hosts)}, requests for routes of this version are answered by ${namesText(lost.names)}, without the credentials or addresses that this version requires. Require the same there, or list these hosts in this trigger too.`,
          },
        ]),
  ]
}

const UNNAMED = 'a deployment that you may not see'

function guardedRoutes({ subject, routes }: DeploymentFacts): GuardedRoutes {
  const { acceptsPublicKeys, limitsAddresses = false } = routes
  return {
    guard: { authentication: subject.trigger.authentication, acceptsPublicKeys, limitsAddresses },
    hosts: hostsOf(routes),
    routes: isExposing(subject.trigger.kind)
      ? routes.paths.map((path) => ({
          segments: routeSegments(path),
          methods: withHead(methodsOfPath(routes, path)),
        }))
      : [],
  }
}

/** GET implies HEAD (RFC 9110 section 9.3.2). */
function withHead(methods: readonly string[]): readonly string[] {
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}

class BoundedComparison {
  readonly #isServed: (host: string) => boolean
  #compared = 0

  constructor(isServed: (host: string) => boolean) {
    this.#isServed = isServed
  }

  /** The hosts at which the first routes answer requests for the other ones, and require less. */
  hostsTaken(one: GuardedRoutes, other: GuardedRoutes): readonly string[] {
    // With a host in common, the more specific path is preferred there.
    const hosts = one.hosts.filter(
      (host) =>
        !other.hosts.includes(host) &&
        other.hosts.some((wider) => isPreferredHost(host, wider)) &&
        this.#isServed(host),
    )
    return hosts.length > 0 && needsLess(one.guard, other.guard) && this.#doMeet(one, other) ? hosts : []
  }

  #doMeet(one: GuardedRoutes, other: GuardedRoutes): boolean {
    for (const route of one.routes) {
      for (const each of other.routes) {
        this.#compared += 1
        if (this.#compared > COMPARED_MAX) return false
        if (
          patternsMeet(route.segments, each.segments) &&
          route.methods.some((method) => each.methods.includes(method))
        ) {
          return true
        }
      }
    }
    return false
  }
}
