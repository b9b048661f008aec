import type { PlanRow } from '../../store/port/consumers/plans.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedPlan, type PlanIdentity, requirePlans } from './permitted-plan.ts'

/** Returns one plan. */
export async function getPlan(context: OperationContext, identity: PlanIdentity): Promise<PlanRow> {
  return await permittedPlan(context, context.store.read, identity, 'consumers.read')
}

export interface ListPlansInput extends PageRequest {
  readonly organization: string
  readonly environment: string
}

/** Lists the plans of an environment. */
export async function listPlans(context: OperationContext, input: ListPlansInput): Promise<Page<PlanRow>> {
  const { read } = context.store
  await requirePlans(context, read.environments, input, 'consumers.read')
  return await read.plans.list(input.organization, input.environment, input)
}
