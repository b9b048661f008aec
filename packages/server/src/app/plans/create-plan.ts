import { type Description, planId, type PlanLimits, type ResourceName, type Title } from '@sallyport/core'
import type { PlanRow } from '../../store/port/consumers/plans.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { conflict } from '../refusals.ts'
import { requirePlans } from './permitted-plan.ts'

/** The most plans of one environment: every gateway keeps them in memory. */
const PLANS_PER_ENVIRONMENT_MAX = 500

export interface CreatePlanInput {
  readonly organization: string
  readonly environment: string
  readonly name: ResourceName
  readonly title?: Title | null | undefined
  readonly description?: Description | null | undefined
  /** Default: none, so that the plan limits nothing. */
  readonly rateLimits?: PlanLimits | undefined
}

/**
 * Creates a plan of an environment, which no consumer has yet.
 *
 * @throws Problem `conflict` if the environment has a plan of that name, or too many
 */
export async function createPlan(context: OperationContext, input: CreatePlanInput): Promise<PlanRow> {
  const { organization, environment, name, title = null, description = null, rateLimits = [] } = input
  const { value } = await context.store.write(async (tx) => {
    await requirePlans(context, tx.environments, input, 'consumers.write')
    if ((await tx.plans.get(organization, environment, name)) !== undefined) {
      throw conflict(`A plan named "${name}" already exists in ${environment}. Choose another name.`)
    }
    if ((await tx.plans.countOfEnvironment(organization, environment)) >= PLANS_PER_ENVIRONMENT_MAX) {
      throw conflict(
        `An environment has at most ${PLANS_PER_ENVIRONMENT_MAX} plans. Remove one that no consumer has.`,
      )
    }
    const row: PlanRow = {
      organization,
      environment,
      id: planId(environment, name),
      name,
      title,
      description,
      rateLimits,
      createdAtMs: context.nowMs(),
      createdBy: context.actor.id,
    }
    await tx.plans.insert(row)
    tx.audit(auditEntry(context, organization, 'plans.create', `plan/${row.id}`, { after: row }))
    return row
  })
  return value
}
