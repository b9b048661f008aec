import { type ParsedRateLimits, repeatedLimits } from './rate-limits.ts'
import type { Branded } from './parsed.ts'
import type { PlanLimit } from '../limits/plan-limit.ts'

/** The rate limits of a plan: at most one for each window and scope. */
export type PlanLimits = Branded<readonly PlanLimit[], 'PlanLimits'>

/** Parses the rate limits of a plan, which count each consumer by window and scope. */
export function parsePlanLimits(limits: readonly PlanLimit[]): ParsedRateLimits<PlanLimits> {
  const repeated = repeatedLimits(limits, ({ per, scope }) => `${per} ${scope}`)
  return repeated.length === 0
    ? { ok: true, value: limits as PlanLimits }
    : {
        ok: false,
        repeated,
        problem: 'Another limit has the same window and the same scope. Keep one of them.',
      }
}
