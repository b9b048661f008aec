import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  hostsOf,
  isPreferredHost,
  routePatterns,
  type DeploymentRecord,
  type EnvironmentHosts,
  type EnvironmentView,
  type Snapshot,
} from '@sallyport/core'
import { AddressSet } from '../../address/address-set.ts'
import { Authorizer, type FactSources } from '../credentials/authorizer.ts'
import { TrustedProxies } from '../request/client-address.ts'
import { hostsWithRoutes } from '../routing/environment-routes.ts'
import { findRoute } from '../routing/find-route.ts'
import { sampleHost, samplePaths } from '../routing/sample-paths.ts'

/** After so many probes, the requests that have arrived meanwhile are answered. */
const PROBES_PER_TURN = 2
/** The most hosts of other deployments at which one deployment is probed. */
const OTHER_HOSTS_MAX = 100

/** The response to an anonymous caller at one route and method of a deployment. */
export interface AnonymousProbeResult {
  readonly method: string
  /** The route pattern. */
  readonly route: string
  /** `allow`, or the code of the refusal. */
  readonly outcome: string
  /** Whether the deployment requires credentials but an anonymous caller is admitted. */
  readonly alarm: boolean
  /** The host, or pattern of hosts, of another deployment at which the outcome was found; left out if it is found anywhere. */
  readonly host?: string
}

export interface AnonymousProbeDeps {
  readonly cell: { readonly current: Snapshot }
  readonly nowMs: () => number
  readonly hosts: EnvironmentHosts
}

/** One request of a probe. */
interface Place {
  /** As in `HostRoutes.at`. */
  readonly host: string | null
  readonly path: string
  /** The host of another deployment, whose routes are preferred there; null at the deployment's own. */
  readonly otherHost: string | null
}

/**
 * Probes deployments as an anonymous caller who sends no headers. A probe uses the same routing and decision as a
 * request, but runs nothing and counts nothing.
 */
export class AnonymousProbe {
  readonly #deps: AnonymousProbeDeps
  readonly #authorizer = new Authorizer(ANONYMOUS_FACTS)

  constructor(deps: AnonymousProbeDeps) {
    this.#deps = deps
  }

  /**
   * Probes each route and method of a deployment. If another deployment has a more specific route for a probed path, the
   * result is that deployment's, as it would be for a caller. Hosts at which other deployments have routes are probed too, since those
   * are preferred there.
   *
   * @param revision the minimum revision of the snapshot
   * @throws Error when the snapshot is older, or does not contain the deployment
   */
  async probe(
    { organization, environment, id }: Pick<DeploymentRecord, 'organization' | 'environment' | 'id'>,
    revision: number,
  ): Promise<readonly AnonymousProbeResult[]> {
    const snapshot = this.#deps.cell.current
    if (snapshot.revision < revision) {
      throw new Error(`the snapshot has revision ${snapshot.revision}, older than ${revision}`)
    }
    const view = snapshot.environment(organization, environment)
    const deployment = view?.deployments.get(id)
    if (view === undefined || deployment === undefined) throw new Error('the deployment is no longer live')
    const { authentication } = deployment.spec.trigger
    const needsCredentials = authentication.apiKey || authentication.jwt || authentication.basic
    const otherHosts = this.#otherHosts(view, deployment)
    const results: AnonymousProbeResult[] = []
    let probes = 0
    const request = new IncomingMessage(new Socket())
    for (const { pattern: route, methods } of routePatterns(deployment.spec.trigger)) {
      for (const method of methods) {
        const outcomes: Pick<AnonymousProbeResult, 'outcome' | 'host'>[] = []
        for (const { host, path, otherHost } of placesOf(deployment, route, otherHosts)) {
          probes += 1
          if (probes % PROBES_PER_TURN === 0) await nextTurn()
          const match = findRoute(view, method, path, 'plain', request, 'always', host)
          const { fact, preflight } = match
          if (otherHost !== null && match.route?.deployment === deployment) continue
          const nowMs = this.#deps.nowMs()
          const verdict = await this.#authorizer.authorize(snapshot, fact, preflight, request, null, nowMs)
          outcomes.push({
            outcome: verdict.kind === 'deny' ? verdict.reason : verdict.kind,
            ...(otherHost !== null && { host: otherHost }),
          })
        }
        // What admits the caller is what matters.
        const found = outcomes.find(({ outcome }) => outcome === 'allow') ?? outcomes[0] ?? { outcome: '' }
        results.push({ method, route, alarm: needsCredentials && found.outcome === 'allow', ...found })
      }
    }
    return results
  }

  /** The hosts of other deployments at which requests for a deployment's routes can be answered by those. */
  #otherHosts(view: EnvironmentView, { organization, environment, spec }: DeploymentRecord): string[] {
    const own = hostsOf(spec.trigger)
    return hostsWithRoutes(view)
      .filter((host) => own.some((each) => isPreferredHost(host, each)) && !own.includes(host))
      .filter((host) => this.#deps.hosts.isServed(host, { organization, environment }))
      .slice(0, OTHER_HOSTS_MAX)
  }
}

/** Where to probe a route: at each host, and for a pattern of hosts at one that it matches; last at those of others. */
function placesOf({ spec }: DeploymentRecord, route: string, otherHosts: readonly string[]): Place[] {
  const paths = samplePaths(route)
  return [
    ...hostsOf(spec.trigger).flatMap((host) =>
      paths.map((path) => ({ host: sampleHost(host), path, otherHost: null })),
    ),
    ...otherHosts.flatMap((host) => paths.map((path) => ({ host: sampleHost(host), path, otherHost: host }))),
  ]
}

/** The facts of a caller without credentials. Rate limits do not apply, and no use is recorded. */
const ANONYMOUS_FACTS: FactSources = {
  proxies: new TrustedProxies(new AddressSet([])),
  limiter: { consume: () => ({ kind: 'within', budgets: [] }) },
  usage: { record: () => undefined },
  basic: { authenticate: () => ({ kind: 'missing' }) },
  jwt: { verify: () => ({ kind: 'missing' }) },
  importedKeyId: () => {
    throw new Error('a probe sends no token')
  },
  monotonicMs: () => performance.now(),
}
