import type { PolicyRow } from '../../store/port/policies.ts'
import type { ConformityCount } from './conformity.ts'
import { conformityOf, countConforming } from './conformity.ts'
import type { OperationContext } from '../access/context.ts'
import { currentPolicy } from './current-policy.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'

export interface GetPolicyInput {
  readonly organization: string
  readonly environment: string
}
export interface PolicyWithConformity {
  readonly policy: PolicyRow
  readonly conformity: ConformityCount
}

/** What an environment demands, and how much of what is live there meets it. */
export async function getPolicy(
  context: OperationContext,
  { organization, environment }: GetPolicyInput,
): Promise<PolicyWithConformity> {
  const { environments, policies, deployments } = context.store.read
  await permittedEnvironment(context, environments, organization, environment, 'policies.read')
  const policy = await currentPolicy(policies, organization, environment)
  const live = await deployments.allLive(organization, environment)
  return { policy, conformity: countConforming(conformityOf(policy.mode, environment, live)) }
}
