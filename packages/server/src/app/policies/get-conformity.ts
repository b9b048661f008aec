import type { Page, PageRequest } from '../../store/port/paging.ts'
import type { DeploymentConformity } from './conformity.ts'
import { conformityOf } from './conformity.ts'
import type { OperationContext } from '../access/context.ts'
import { currentPolicy } from './current-policy.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { requestedPage } from '../paging.ts'

export interface GetConformityInput extends PageRequest {
  readonly organization: string
  readonly environment: string
}

/** How each live deployment of an environment stands to the policy of today. */
export async function getConformity(
  context: OperationContext,
  input: GetConformityInput,
): Promise<Page<DeploymentConformity>> {
  const { organization, environment } = input
  const { environments, policies, deployments } = context.store.read
  await permittedEnvironment(context, environments, organization, environment, 'policies.read')
  const { mode } = await currentPolicy(policies, organization, environment)
  const { items, next } = await deployments.list(organization, requestedPage(input), { environment })
  return { items: conformityOf(mode, environment, items), next }
}
