import {
  Problem,
  type DeploymentRecord,
  type EnvironmentView,
  type FeedRecord,
  type HealthCheck,
  type Snapshot,
  type UpstreamTlsSettings,
} from '@sallyport/core'
import type { Logger } from 'pino'
import { FairShare, type Tenant } from '../../fairness/fair-share.ts'
import type { HealthClock } from './health-clock.ts'

/** The most targets that one gateway checks. Organizations share them; those above are not checked. */
const CHECKED_TARGETS_MAX = 500
/** The largest part of an interval that chance adds, so that gateways and targets do not fall into step. */
const JITTER = 0.1
/** The longest time to the first check, in ms. */
const FIRST_CHECK_MS_MAX = 1000

/** A target of a live step that is to be checked. */
export interface CheckedTarget {
  /** Where the step stands in the spec. */
  readonly place: string
  readonly origin: string
  readonly health: HealthCheck
  /** Null for what Node.js does by default. */
  readonly tls: UpstreamTlsSettings | null
}

/**
 * Names the check of a target: equal ones of an organization are one, also after a deployment. TLS can depend on the secrets of
 * an environment.
 */
export function checkName(
  { organization, environment }: Pick<DeploymentRecord, 'organization' | 'environment'>,
  { origin, health, tls }: Pick<CheckedTarget, 'origin' | 'health' | 'tls'>,
): string {
  const scope = tls === null ? '' : `${environment} ${JSON.stringify(tls)}`
  return `${organization} ${origin} ${JSON.stringify(health)} ${scope}`
}

export interface HealthChecksDeps extends HealthClock {
  /** The targets of a live deployment that have health checks; none if its variables cannot be used. */
  readonly targetsOf: (environment: EnvironmentView, record: DeploymentRecord) => readonly CheckedTarget[]
  /**
   * Sends one check. @returns the status of the answer
   *
   * @throws Problem, as a rejection, if it cannot be sent; any other error for a target that does not answer in time
   */
  readonly send: (check: SentCheck, signal: AbortSignal) => Promise<number>
  readonly logger: Logger
  /** Called with the name of a check whose result counts from now on; one that ends passes. */
  readonly onChange?: ((check: string, passes: boolean) => void) | undefined
}

/** Whether a target passes a check, or is not checked. */
export interface TargetHealths {
  passes(check: string): boolean
}

/** One check of a target, for one of the steps that need it. */
export interface SentCheck extends CheckedTarget {
  readonly record: DeploymentRecord
  readonly tenant: Tenant
}

/** The health of one target of a step, for metrics. */
export interface TargetHealth extends CheckedTarget {
  readonly record: DeploymentRecord
  readonly isHealthy: boolean
}

interface Use extends CheckedTarget {
  readonly record: DeploymentRecord
}

/** Asks the targets of live deployments regularly whether they work. Each gateway does so by itself. */
export class HealthChecks implements Disposable, TargetHealths {
  readonly #deps: HealthChecksDeps
  readonly #checks = new Map<string, Check>()
  /** By environment, the checks that it needs, each with the steps that do. */
  readonly #needed = new Map<string, ReadonlyMap<string, readonly Use[]>>()
  readonly #share = new FairShare(CHECKED_TARGETS_MAX)
  /** How many targets are not checked, although they should be. */
  #unchecked = 0

  constructor(deps: HealthChecksDeps) {
    this.#deps = deps
  }

  /** Whether a target passes a check, or is not checked. */
  passes(check: string): boolean {
    return this.#checks.get(check)?.isHealthy ?? true
  }

  /** The targets that are checked. */
  *states(): Iterable<TargetHealth> {
    for (const needed of this.#needed.values()) {
      for (const [name, uses] of needed) {
        const check = this.#checks.get(name)
        if (check === undefined) continue
        for (const use of uses) yield { ...use, isHealthy: check.isHealthy }
      }
    }
  }

  /**
   * Begins and ends checks, so that they are those of the live deployments.
   *
   * @param records the changed records; `all` if any record may have changed
   */
  apply(snapshot: Snapshot, records: readonly FeedRecord[] | 'all'): void {
    const before = [...this.#needed.values()]
    if (records === 'all') {
      this.#needed.clear()
      for (const environment of snapshot.environments()) this.#read(environment)
    } else {
      const organizations = new Set(records.flatMap(organizationIfAboutTargets))
      if (organizations.size === 0) return
      for (const organization of organizations) {
        for (const key of this.#needed.keys()) {
          if (key.startsWith(`${organization} `)) this.#needed.delete(key)
        }
        const environments = snapshot.organization(organization)?.environments.values() ?? []
        for (const environment of environments) this.#read(environment)
      }
    }
    if (before.length > 0 || this.#needed.size > 0) this.#adjust()
  }

  [Symbol.dispose](): void {
    for (const check of this.#checks.values()) check[Symbol.dispose]()
    this.#checks.clear()
    this.#needed.clear()
  }

  /** Reads which checks an environment needs. */
  #read(environment: EnvironmentView): void {
    const needed = new Map<string, Use[]>()
    for (const record of environment.deployments.values()) {
      if (!hasHealthChecks(record)) continue
      for (const target of this.#deps.targetsOf(environment, record)) {
        const name = checkName(record, target)
        const uses = needed.get(name) ?? []
        uses.push({ ...target, record })
        needed.set(name, uses)
      }
    }
    if (needed.size > 0) this.#needed.set(`${environment.organization} ${environment.name}`, needed)
  }

  #adjust(): void {
    const uses = new Map<string, Use>()
    for (const needed of this.#needed.values()) {
      for (const [name, [use]] of needed) if (use !== undefined) uses.set(name, use)
    }
    for (const [name, check] of this.#checks) {
      if (uses.has(name)) continue
      check[Symbol.dispose]()
      this.#checks.delete(name)
      this.#share.give(check.tenant)
      if (!check.isHealthy) this.#deps.onChange?.(name, true)
    }
    let unchecked = 0
    for (const [name, use] of uses) {
      const known = this.#checks.get(name)
      if (known !== undefined) {
        known.use = use
        continue
      }
      const { organization, environment, pipeline } = use.record
      const tenant = { organization, pipeline: `${environment} ${pipeline}` }
      if (this.#share.take(tenant)) this.#checks.set(name, new Check(name, use, tenant, this.#deps))
      else unchecked += 1
    }
    if (unchecked > this.#unchecked) {
      this.#deps.logger.warn(
        { targets: unchecked },
        'targets are not checked, because there are too many health checks',
      )
    }
    this.#unchecked = unchecked
  }
}

/** The organization of a record that can begin or end checks. */
function organizationIfAboutTargets(record: FeedRecord): string[] {
  if (!('organization' in record)) return []
  const kind = record.kind === 'removed' ? record.of : record.kind
  return ABOUT_TARGETS.has(kind) ? [record.organization] : []
}

const ABOUT_TARGETS: ReadonlySet<string> = new Set(['deployment', 'environment', 'environment-variable'])

function hasHealthChecks({ spec }: DeploymentRecord): boolean {
  return spec.steps.some(
    (step) => (step.kind === 'proxy' || step.kind === 'call') && step.balance?.health !== undefined,
  )
}

/** The check of one target, again and again until it is disposed. */
class Check implements Disposable {
  readonly #name: string
  /** The step on whose behalf it is done, and in whose share. */
  use: Use
  readonly tenant: Tenant
  /** Until checks have failed, it counts as healthy. */
  isHealthy = true
  readonly #deps: HealthChecksDeps
  readonly #ending = new AbortController()
  /** Checks in a row that contradict `isHealthy`. */
  #contradictions = 0
  #cancel: () => void

  constructor(name: string, use: Use, tenant: Tenant, deps: HealthChecksDeps) {
    this.#name = name
    this.use = use
    this.tenant = tenant
    this.#deps = deps
    const waitMs = deps.random() * Math.min(use.health.intervalMs, FIRST_CHECK_MS_MAX)
    this.#cancel = deps.after(waitMs, () => void this.#run())
  }

  [Symbol.dispose](): void {
    this.#cancel()
    this.#ending.abort()
  }

  async #run(): Promise<void> {
    const { health } = this.use
    const hasPassed = await this.#hasPassed(health)
    if (this.#ending.signal.aborted) return
    if (hasPassed !== null) this.#note(hasPassed, health)
    const waitMs = health.intervalMs * (1 + JITTER * this.#deps.random())
    this.#cancel = this.#deps.after(waitMs, () => void this.#run())
  }

  /** @returns null if the gateway could not send it */
  async #hasPassed({ statuses }: HealthCheck): Promise<boolean | null> {
    try {
      const status = await this.#deps.send({ ...this.use, tenant: this.tenant }, this.#ending.signal)
      return statuses === null ? status >= 200 && status <= 299 : statuses.includes(status)
    } catch (error) {
      return error instanceof Problem ? null : false
    }
  }

  #note(hasPassed: boolean, { healthyAfter, unhealthyAfter }: HealthCheck): void {
    if (hasPassed === this.isHealthy) {
      this.#contradictions = 0
      return
    }
    this.#contradictions += 1
    if (this.#contradictions < (hasPassed ? healthyAfter : unhealthyAfter)) return
    this.isHealthy = hasPassed
    this.#contradictions = 0
    this.#deps.onChange?.(this.#name, hasPassed)
    const { organization, environment, pipeline } = this.use.record
    const about = { organization, environment, pipeline, upstream: this.use.origin }
    if (hasPassed) this.#deps.logger.info(about, 'a target passes its health checks again')
    else this.#deps.logger.warn(about, 'a target fails its health checks')
  }
}
