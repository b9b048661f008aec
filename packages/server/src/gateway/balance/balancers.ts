import type { DeploymentRecord } from '@sallyport/core'
import { FairShare, type Tenant } from '../../fairness/fair-share.ts'
import { Balancer } from './balancer.ts'
import type { Balancing } from './balancing.ts'

/** The most targets whose state is shown. Organizations share them. */
const SHOWN_TARGETS_MAX = 1000

interface Kept {
  readonly record: DeploymentRecord
  readonly balancer: Balancer
  readonly tenant: Tenant
  readonly isShown: boolean
}

/** The state of one target of a step, for metrics. */
export interface TargetState {
  readonly organization: string
  readonly environment: string
  readonly pipeline: string
  readonly major: string
  readonly step: string
  readonly target: string
  readonly attempts: number
  readonly failures: number
  readonly retries: number
  readonly ejections: number
  readonly isEjected: boolean
}

/**
 * The balancers of one gateway. A step keeps what is known about its targets when its pipeline is deployed again in the same
 * environment and major version.
 */
export class Balancers {
  readonly #passes: (check: string) => boolean
  readonly #monotonicMs: () => number
  readonly #known = new WeakMap<Balancing, Balancer>()
  readonly #byStep = new Map<string, Kept>()
  readonly #shown = new FairShare(SHOWN_TARGETS_MAX)

  /**
   * @param passes whether a target passes a health check, or is not checked
   * @param monotonicMs a clock that never goes back
   */
  constructor(passes: (check: string) => boolean, monotonicMs: () => number) {
    this.#passes = passes
    this.#monotonicMs = monotonicMs
  }

  of(balancing: Balancing, record: DeploymentRecord): Balancer {
    let balancer = this.#known.get(balancing)
    if (balancer === undefined) {
      const { organization, environment, pipeline } = record
      const key = `${organization} ${environment} ${pipeline} ${majorOf(record)} ${balancing.place}`
      const before = this.#byStep.get(key)
      balancer = new Balancer(balancing, before?.balancer, record, this.#passes, this.#monotonicMs)
      this.#known.set(balancing, balancer)
      if (before !== undefined) this.#hide(before)
      const tenant = { organization, pipeline: `${environment} ${pipeline}` }
      const isShown = this.#shown.take(tenant, balancer.targets.length)
      this.#byStep.set(key, { record, balancer, tenant, isShown })
    }
    return balancer
  }

  /** Forgets the steps of deployments that are over. @param isLive whether a deployment of the same pipeline and major is live */
  prune(isLive: (record: DeploymentRecord) => boolean): void {
    for (const [key, kept] of this.#byStep) {
      if (isLive(kept.record)) continue
      this.#byStep.delete(key)
      this.#hide(kept)
    }
  }

  /** The targets of all live steps that have had requests, up to a limit. */
  *states(): Iterable<TargetState> {
    const nowMs = this.#monotonicMs()
    for (const { record, balancer, isShown } of this.#byStep.values()) {
      if (!isShown) continue
      const { organization, environment, pipeline } = record
      const step = balancer.rules.place
      for (const target of balancer.targets) {
        const { origin, attempts, failures, retries, ejections } = target
        yield {
          organization,
          environment,
          pipeline,
          major: majorOf(record),
          step,
          target: origin,
          attempts,
          failures,
          retries,
          ejections,
          isEjected: target.isEjected(nowMs),
        }
      }
    }
  }

  #hide({ tenant, balancer, isShown }: Kept): void {
    if (isShown) this.#shown.give(tenant, balancer.targets.length)
  }
}

/** The major version of a deployment. */
export function majorOf({ version }: DeploymentRecord): string {
  return version.slice(0, version.indexOf('.'))
}
