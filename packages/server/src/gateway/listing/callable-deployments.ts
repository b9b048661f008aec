import type { IncomingMessage } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { matchesHost, type DeploymentRecord, type EnvironmentView, type Snapshot } from '@sallyport/core'
import { Authorizer, type FactSources } from '../credentials/authorizer.ts'

/** After so many decisions, the requests that have arrived meanwhile are answered. */
const DECISIONS_PER_TURN = 32

/**
 * Finds the deployments that a caller may call with the credentials of one request. It decides like a request to each, but
 * consumes no rate limit and counts no use.
 */
export class CallableDeployments {
  readonly #authorizer: Authorizer

  constructor(sources: Omit<FactSources, 'limiter' | 'usage'>) {
    this.#authorizer = new Authorizer({
      ...sources,
      limiter: { consume: () => ({ kind: 'within', budgets: [] }) },
      usage: { record: () => undefined },
    })
  }

  /**
   * @param host the environment's own host that the caller asks; those of other hosts cannot be called there
   * @param query undecoded, for triggers that read a key from it
   * @returns the deployments in the order of their pipelines and versions
   * @throws Problem, as a rejection, when it cannot be determined because of an outage
   */
  async of(
    snapshot: Snapshot,
    { deployments }: EnvironmentView,
    host: string | null,
    request: IncomingMessage,
    query: string | null,
    nowMs: () => number,
  ): Promise<readonly DeploymentRecord[]> {
    const callable: DeploymentRecord[] = []
    let decisions = 0
    for (const deployment of deployments.values()) {
      if (!isAt(host, deployment)) continue
      decisions += 1
      if (decisions % DECISIONS_PER_TURN === 0) await nextTurn()
      const fact = { kind: 'found', deployment } as const
      const verdict = await this.#authorizer.authorize(snapshot, fact, false, request, query, nowMs())
      if (verdict.kind === 'allow') callable.push(deployment)
    }
    return callable.toSorted(byPipeline)
  }
}

function byPipeline(one: DeploymentRecord, other: DeploymentRecord): number {
  if (one.pipeline !== other.pipeline) return one.pipeline < other.pipeline ? -1 : 1
  return Number.parseFloat(one.version) - Number.parseFloat(other.version)
}

function isAt(host: string | null, { spec }: DeploymentRecord): boolean {
  const { hosts } = spec.trigger
  return hosts === undefined || (host !== null && hosts.some((key) => matchesHost(key, host)))
}
