import type { DeploymentConformity } from './conformity.ts'
import { conformityOf } from './conformity.ts'
import type { OperationContext } from './context.ts'
import { currentPolicy } from './current-policy.ts'
import { permittedEnvironment } from './environment-access.ts'

export interface GetConformityInput {
  readonly organization: string
  readonly environment: string
}

/** How each live deployment of an environment stands to the policy of today. */
export async function getConformity(
  context: OperationContext,
  { organization, environment }: GetConformityInput,
): Promise<readonly DeploymentConformity[]> {
  const { environments, policies, deployments } = context.store.read
  await permittedEnvironment(context, environments, organization, environment, 'policies.read')
  const { mode } = await currentPolicy(policies, organization, environment)
  return conformityOf(mode, environment, await deployments.allLive(organization, environment))
}
