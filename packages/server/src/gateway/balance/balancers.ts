import type { DeploymentRecord } from '@sallyport/core'
import { Balancer } from './balancer.ts'
import type { Balancing } from './balancing.ts'

interface Kept {
  readonly record: DeploymentRecord
  readonly balancer: Balancer
}

/**
 * The balancers of one gateway. A step keeps what is known about its targets when its pipeline is deployed again in the same
 * environment and major version.
 */
export class Balancers {
  readonly #monotonicMs: () => number
  readonly #known = new WeakMap<Balancing, Balancer>()
  readonly #byStep = new Map<string, Kept>()

  /** @param monotonicMs a clock that never goes back */
  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs
  }

  of(balancing: Balancing, record: DeploymentRecord): Balancer {
    let balancer = this.#known.get(balancing)
    if (balancer === undefined) {
      const { organization, environment, pipeline, version } = record
      const major = version.split('.')[0] ?? ''
      const key = `${organization} ${environment} ${pipeline} ${major} ${balancing.place}`
      balancer = new Balancer(balancing, this.#byStep.get(key)?.balancer, this.#monotonicMs)
      this.#known.set(balancing, balancer)
      this.#byStep.set(key, { record, balancer })
    }
    return balancer
  }

  /** Forgets the steps of deployments that are over. @param isLive whether a deployment of the same pipeline and major is */
  prune(isLive: (record: DeploymentRecord) => boolean): void {
    for (const [key, { record }] of this.#byStep) if (!isLive(record)) this.#byStep.delete(key)
  }
}
