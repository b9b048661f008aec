import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { PolicyRow } from '../../store/port/policies.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import {
  conformityOf,
  countConforming,
  type ConformityCount,
  type DeploymentConformity,
} from './conformity.ts'
import { currentPolicy } from './current-policy.ts'

export interface GetPolicyInput {
  readonly organization: string
  readonly environment: string
}
export interface PolicyWithConformity {
  readonly policy: PolicyRow
  readonly conformity: ConformityCount
}

/** Returns the policy of an environment with the number of live deployments that conform to it. */
export async function getPolicy(
  context: OperationContext,
  { organization, environment }: GetPolicyInput,
): Promise<PolicyWithConformity> {
  const { environments, policies, deployments } = context.store.read
  await permittedEnvironment(context, environments, organization, environment, 'policies.read')
  const policy = await currentPolicy(policies, organization, environment)
  const live = await deployments.liveSubjects(organization, environment)
  return { policy, conformity: countConforming(conformityOf(policy.mode, environment, live)) }
}

export interface ListPolicyVersionsInput extends PageRequest {
  readonly organization: string
  readonly environment: string
}

/** Lists the versions of an environment's policy, newest first. */
export async function listPolicyVersions(
  context: OperationContext,
  input: ListPolicyVersionsInput,
): Promise<Page<PolicyRow>> {
  const { organization, environment } = input
  const { environments, policies } = context.store.read
  await permittedEnvironment(context, environments, organization, environment, 'policies.read')
  return await policies.list(organization, environment, input)
}

export interface GetConformityInput extends PageRequest {
  readonly organization: string
  readonly environment: string
}

/** Lists how each live deployment of an environment conforms to the current policy. */
export async function getConformity(
  context: OperationContext,
  input: GetConformityInput,
): Promise<Page<DeploymentConformity>> {
  const { organization, environment } = input
  const { environments, policies, deployments } = context.store.read
  await permittedEnvironment(context, environments, organization, environment, 'policies.read')
  const { mode } = await currentPolicy(policies, organization, environment)
  const { items, next } = await deployments.listSubjects(organization, environment, input)
  return { items: conformityOf(mode, environment, items), next }
}
