import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { hostsOf, routePatterns, type DeploymentRecord, type Snapshot } from '@sallyport/core'
import { AddressSet } from '../../address/address-set.ts'
import { Authorizer, type FactSources } from '../credentials/authorizer.ts'
import { TrustedProxies } from '../request/client-address.ts'
import { findRoute } from '../routing/find-route.ts'
import { sampleHost, samplePaths } from '../routing/sample-paths.ts'

/** After so many probes, the requests that have arrived meanwhile are answered. */
const PROBES_PER_TURN = 2

/** The response to an anonymous caller at one route and method of a deployment. */
export interface AnonymousProbeResult {
  readonly method: string
  /** The route pattern. */
  readonly route: string
  /** `allow`, or the code of the refusal. */
  readonly outcome: string
  /** Whether the deployment requires credentials but an anonymous caller is admitted. */
  readonly alarm: boolean
}

export interface AnonymousProbeDeps {
  readonly cell: { readonly current: Snapshot }
  readonly nowMs: () => number
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
   * result is that deployment's, as it would be for a caller.
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
    if (deployment === undefined) throw new Error('the deployment is no longer live')
    const { authentication } = deployment.spec.trigger
    const needsCredentials = authentication.apiKey || authentication.jwt || authentication.basic
    const results: AnonymousProbeResult[] = []
    let probes = 0
    const request = new IncomingMessage(new Socket())
    for (const { pattern: route, methods } of routePatterns(deployment.spec.trigger)) {
      for (const method of methods) {
        const outcomes: string[] = []
        for (const { host, path } of placesOf(deployment, route)) {
          probes += 1
          if (probes % PROBES_PER_TURN === 0) await nextTurn()
          const { fact, preflight } = findRoute(view, method, path, 'plain', request, 'always', host)
          const nowMs = this.#deps.nowMs()
          const verdict = await this.#authorizer.authorize(snapshot, fact, preflight, request, null, nowMs)
          outcomes.push(verdict.kind === 'deny' ? verdict.reason : verdict.kind)
        }
        // What admits the caller is what matters.
        const outcome = outcomes.find((each) => each === 'allow') ?? outcomes[0] ?? ''
        results.push({ method, route, outcome, alarm: needsCredentials && outcome === 'allow' })
      }
    }
    return results
  }
}

/** Where to probe a route: at each host, and for a pattern of hosts at one that it matches. */
function placesOf(
  { spec }: DeploymentRecord,
  route: string,
): { readonly host: string | null; readonly path: string }[] {
  return hostsOf(spec.trigger).flatMap((host) =>
    samplePaths(route).map((path) => ({ host: sampleHost(host), path })),
  )
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
