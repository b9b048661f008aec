import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { DeploymentRecord, Snapshot } from '@sallyport/core'
import { AddressSet } from '../../address/address-set.ts'
import { TrustedProxies } from '../request/client-address.ts'
import { findRoute } from '../request/find-route.ts'
import { Judge, type FactFinders } from '../credentials/authorizer.ts'

/** What stands for a parameter, and for the rest behind a wildcard, in a path that is asked about. */
const ANY_VALUE = 'probe'

/** What a stranger gets at one route and method of a deployment. */
export interface StrangerResult {
  readonly method: string
  /** The route pattern. */
  readonly route: string
  /** `allow`, or the code of the refusal. */
  readonly outcome: string
  /** Whether the deployment asks its callers for something, and a stranger is let in here nonetheless. */
  readonly alarm: boolean
}

export interface StrangerProbeDeps {
  readonly cell: { readonly current: Snapshot }
  readonly nowMs: () => number
}

/**
 * Asks for a stranger, who sends no header at all: a request takes the same way from the routes to the decision, but
 * nothing is run and nothing is counted.
 */
export class StrangerProbe {
  readonly #deps: StrangerProbeDeps
  readonly #judge = new Judge(STRANGERS_FACTS)

  constructor(deps: StrangerProbeDeps) {
    this.#deps = deps
  }

  /**
   * What a stranger gets at each route and method of a deployment. Another deployment can answer there, by a more
   * specific route: then that is what a stranger gets.
   *
   * @param revision the snapshot's, at least
   * @throws Error when the snapshot is older, or the deployment is not in it any more
   */
  async probe(
    { organization, environment, id }: Pick<DeploymentRecord, 'organization' | 'environment' | 'id'>,
    revision: number,
  ): Promise<readonly StrangerResult[]> {
    const snapshot = this.#deps.cell.current
    if (snapshot.revision < revision) {
      throw new Error(
        `the snapshot has revision ${snapshot.revision}, and the deployment came with ${revision}`,
      )
    }
    const view = snapshot.environment(organization, environment)
    const deployment = view?.deployments.get(id)
    if (deployment === undefined) throw new Error('the deployment is live no more')
    const { paths, methods, authentication } = deployment.spec.trigger
    const asks = authentication.apiKey || authentication.jwt || authentication.basic
    const results: StrangerResult[] = []
    for (const route of paths) {
      const path = concretePath(route)
      for (const method of methods) {
        const request = new IncomingMessage(new Socket())
        const { fact, preflight } = findRoute(view, method, path, request, 'always')
        const nowMs = this.#deps.nowMs()
        const verdict = await this.#judge.judge(snapshot, fact, preflight, request, null, nowMs)
        const outcome = verdict.kind === 'deny' ? verdict.reason : verdict.kind
        results.push({ method, route, outcome, alarm: asks && outcome === 'allow' })
      }
    }
    return results
  }
}

/** A path that a pattern matches. */
function concretePath(pattern: string): string {
  return pattern
    .split('/')
    .map((segment) => (segment.startsWith(':') || segment === '*' ? ANY_VALUE : segment))
    .join('/')
}

/** What there is to know of somebody who shows nothing; no limit is in the way, and no use is taken note of. */
const STRANGERS_FACTS: FactFinders = {
  proxies: new TrustedProxies(new AddressSet([])),
  limiter: { judge: () => ({ kind: 'within', budgets: [] }) },
  usage: { record: () => undefined },
  basic: { judge: () => ({ kind: 'missing' }) },
  jwt: { judge: () => ({ kind: 'missing' }) },
}
