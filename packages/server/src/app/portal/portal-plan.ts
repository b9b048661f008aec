import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { PlanReader, PlanRow } from '../../store/port/consumers/plans.ts'

/** The plan of a portal's consumer; undefined if it has none. */
export async function portalPlan(
  plans: Pick<PlanReader, 'get'>,
  { organization, environment, plan }: ConsumerRow,
): Promise<PlanRow | undefined> {
  return plan === null ? undefined : await plans.get(organization, environment, plan)
}
