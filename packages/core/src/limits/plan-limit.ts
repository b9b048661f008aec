import type { RateWindow } from '../pipelines/pipeline-spec.ts'

/** What a limit of a plan counts: the requests to all pipelines of the environment together, or to each one separately. */
export const PLAN_LIMIT_SCOPES = ['environment', 'pipeline'] as const
export type PlanLimitScope = (typeof PLAN_LIMIT_SCOPES)[number]

/** At most `requests` of one consumer in a burst, refilled evenly over `per`. */
export interface PlanLimit {
  readonly requests: number
  readonly per: RateWindow
  readonly scope: PlanLimitScope
}

/**
 * The id of a plan, which is unique in its organization. A consumer's record names its plan by it, so that a gateway
 * finds the plan without composing a key.
 */
export function planId(environment: string, name: string): string {
  return `${environment}/${name}`
}
