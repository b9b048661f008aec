import { hash } from 'node:crypto'
import type { DeploymentRecord } from '@sallyport/core'
import { checkName } from './health-checks.ts'
import { meets, type BalancedRequest, type BalancedTarget, type Balancing } from './balancing.ts'
import { Target, type AttemptEnd } from './target.ts'

/** Retries in progress that are always allowed, and their largest share of all requests in progress. */
const RETRIES_MIN = 3
const RETRY_SHARE = 0.2

interface Entry {
  readonly rules: BalancedTarget
  readonly target: Target
  /** Names its health check; null without one. */
  readonly check: string | null
  /** What smooth weighted round robin has saved up for it. */
  saved: number
}

/** Chooses the targets of one step's requests, in one gateway. */
export class Balancer {
  readonly rules: Balancing
  /** Its targets, in the order of the spec. */
  readonly targets: readonly Target[]
  readonly #entries: readonly Entry[]
  readonly #monotonicMs: () => number
  readonly #passes: (check: string) => boolean
  #requests = 0
  #retries = 0

  /**
   * @param before the balancer of an earlier state of the step, whose targets this one takes over
   * @param owner the organization and environment whose health checks count
   * @param passes whether a target passes a health check, or is not checked
   * @param monotonicMs a clock that never goes back
   */
  constructor(
    rules: Balancing,
    before: Balancer | undefined,
    owner: Pick<DeploymentRecord, 'organization' | 'environment'>,
    passes: (check: string) => boolean,
    monotonicMs: () => number,
  ) {
    this.rules = rules
    this.#monotonicMs = monotonicMs
    this.#passes = passes
    const { health, tls } = rules
    // Variables can make two origins equal: then both are one server.
    const byOrigin = new Map<string, Target>()
    this.#entries = rules.targets.map((entry) => {
      const { origin } = entry
      const target = byOrigin.get(origin) ?? before?.target(origin) ?? new Target(origin)
      byOrigin.set(origin, target)
      const check = health === null ? null : checkName(owner, { origin, health, tls })
      return { rules: entry, target, check, saved: 0 }
    })
    this.targets = [...byOrigin.values()]
  }

  target(origin: string): Target | undefined {
    return this.targets.find((target) => target.origin === origin)
  }

  /**
   * The target of the next attempt: one for this request in particular before one for all, and that before a backup. A
   * target that is not available gets the request if no other one is left, so that a request is never refused while one
   * of them might answer.
   *
   * @param tried the targets of earlier attempts
   * @returns undefined if all were tried
   */
  choose(request: BalancedRequest, tried: ReadonlySet<Target>): Target | undefined {
    const nowMs = this.#monotonicMs()
    const left = this.#entries.filter(
      ({ rules, target }) => !tried.has(target) && (rules.when === null || meets(rules.when, request)),
    )
    const available = left.filter(
      ({ target, check }) => target.isAvailable(nowMs) && (check === null || this.#passes(check)),
    )
    const from = available.length > 0 ? available : left
    const rank = Math.min(...from.map(rankOf))
    const best = from.filter((entry) => rankOf(entry) === rank)
    return (this.rules.by === 'caller' ? ofCaller(best, request.caller()) : inTurn(best))?.target
  }

  /** Counts a request until `endRequest`. */
  beginRequest(): void {
    this.#requests += 1
  }

  endRequest(): void {
    this.#requests -= 1
  }

  /** Counts a retry until `endRetry`. @returns false if too many are in progress */
  beginRetry(): boolean {
    if (this.#retries >= Math.max(RETRIES_MIN, Math.floor(this.#requests * RETRY_SHARE))) return false
    this.#retries += 1
    return true
  }

  endRetry(): void {
    this.#retries -= 1
  }

  endAttempt(target: Target, end: AttemptEnd): void {
    target.end(end, this.rules, this.#monotonicMs())
  }
}

function rankOf({ rules }: Entry): number {
  if (rules.isBackup) return 2
  return rules.when === null ? 1 : 0
}

/** Smooth weighted round robin: in the order of turns, equal targets are as far apart as their weights allow. */
function inTurn(entries: readonly Entry[]): Entry | undefined {
  let best: Entry | undefined
  let total = 0
  for (const entry of entries) {
    total += entry.rules.weight
    entry.saved += entry.rules.weight
    if (best === undefined || entry.saved > best.saved) best = entry
  }
  if (best !== undefined) best.saved -= total
  return best
}

/**
 * Weighted rendezvous hashing: a caller keeps its target while that is among the entries, and weights hold over many callers.
 */
function ofCaller(entries: readonly Entry[], caller: string): Entry | undefined {
  let best: Entry | undefined
  let bestScore = -Infinity
  for (const entry of entries) {
    const digest = hash('sha256', `${entry.target.origin} ${caller}`, 'buffer')
    // In the open interval from 0 to 1.
    const uniform = (digest.readUInt32BE() + 0.5) / 2 ** 32
    const score = -entry.rules.weight / Math.log(uniform)
    if (score <= bestScore) continue
    best = entry
    bestScore = score
  }
  return best
}
