import type { ConsumerRecord, DeploymentRecord } from '../feed/records.ts'
import type { PlanLimit } from '../limits/plan-limit.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Principal } from './decision.ts'

const NO_LIMITS: readonly PlanLimit[] = []

/**
 * The rate limits of the plan that the principal's consumer has; none without a plan. A plan is of one environment, so
 * it does not limit what a partner's consumer calls here.
 *
 * @param ofKey the consumer of the caller's key, which is found already
 */
export function planLimitsOf(
  snapshot: Snapshot,
  { consumer, organization }: Pick<Principal, 'consumer' | 'organization'>,
  deployment: DeploymentRecord,
  ofKey?: ConsumerRecord,
): readonly PlanLimit[] {
  if (consumer === null || organization !== deployment.organization) return NO_LIMITS
  const plan = (ofKey?.id === consumer ? ofKey : snapshot.consumer(consumer))?.plan
  if (plan === undefined) return NO_LIMITS
  return snapshot.environment(organization, deployment.environment)?.plans.get(plan)?.rateLimits ?? NO_LIMITS
}
