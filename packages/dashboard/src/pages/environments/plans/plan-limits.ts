import type { CreatePlanInput, Plan } from '@sallyport/sdk'
import { count } from '../../../format/numbers.ts'
import { t } from '../../../texts/texts.ts'
import { type Limit, PERIODS } from '../../keys/fields/limits.ts'

export const SCOPES = ['environment', 'pipeline'] as const

/** A rate limit of a plan in a form. */
export interface PlanLimit extends Limit {
  readonly scope: (typeof SCOPES)[number]
}

export function planLimitsOf({ rateLimits }: Pick<Plan, 'rateLimits'>): readonly PlanLimit[] {
  return rateLimits.map(({ requests, per, scope }, id) => ({
    id,
    requests,
    per: PERIODS.find((period) => period === per) ?? 'minute',
    scope: SCOPES.find((each) => each === scope) ?? 'environment',
  }))
}

/** What the API takes for them. */
export function planLimitsInput(limits: readonly PlanLimit[]): NonNullable<CreatePlanInput['rateLimits']> {
  return limits.flatMap(({ requests, per, scope }) => (requests === '' ? [] : [{ requests, per, scope }]))
}

/** All limits of a plan in a line. */
export function limitsInWords(limits: readonly PlanLimit[]): string {
  const { limit, ofEach, unlimited } = t.environments.plans
  const words = planLimitsInput(limits).map(({ requests, per, scope }) => {
    const told = limit(count(requests), per)
    return scope === 'pipeline' ? ofEach(told) : told
  })
  return words.length === 0 ? unlimited : words.join(', ')
}
