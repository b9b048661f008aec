import { isDeepStrictEqual } from 'node:util'
import type { Description, PlanLimits, Title } from '@sallyport/core'
import type { PlanRow } from '../../store/port/consumers/plans.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { requireNoOwnLimits } from './looser-limits.ts'
import { permittedPlan, type PlanIdentity } from './permitted-plan.ts'

export interface UpdatePlanInput extends PlanIdentity {
  readonly title?: Title | null | undefined
  readonly description?: Description | null | undefined
  /** The complete new list. */
  readonly rateLimits?: PlanLimits | undefined
}
export interface UpdatedPlan {
  readonly plan: PlanRow
  readonly revision: number
}

/**
 * Updates the title, description and rate limits of a plan. New limits hold at once for all consumers that have it.
 *
 * @throws Problem `permission_missing` also for new limits, if the actor has rate limits of its own
 */
export async function updatePlan(context: OperationContext, input: UpdatePlanInput): Promise<UpdatedPlan> {
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedPlan(context, tx, input, 'consumers.write')
    const { title = before.title, description = before.description, rateLimits = before.rateLimits } = input
    const after: PlanRow = { ...before, title, description, rateLimits }
    // What changes nothing is neither written nor recorded.
    if (isDeepStrictEqual(after, before)) return before
    if (!isDeepStrictEqual(after.rateLimits, before.rateLimits)) requireNoOwnLimits(context)
    await tx.plans.update(after)
    tx.audit(auditEntry(context, input.organization, 'plans.update', `plan/${before.id}`, { before, after }))
    return after
  })
  return { plan: value, revision }
}
