import type { Page, PageRequest } from '../../store/port/paging.ts'
import type { PolicyRow } from '../../store/port/policies.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { requestedPage } from '../paging.ts'

export interface ListPolicyVersionsInput extends PageRequest {
  readonly organization: string
  readonly environment: string
}

/** What an environment demanded when, and who said so; newest first. */
export async function listPolicyVersions(
  context: OperationContext,
  input: ListPolicyVersionsInput,
): Promise<Page<PolicyRow>> {
  const { organization, environment } = input
  const { environments, policies } = context.store.read
  await permittedEnvironment(context, environments, organization, environment, 'policies.read')
  return await policies.list(organization, environment, requestedPage(input))
}
