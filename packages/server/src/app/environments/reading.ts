import type { EnvironmentRow } from '../../store/port/environments.ts'
import type { Page, PageRequest } from '../../store/port/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requireSomewhere, visiblePage } from '../access/permission-checks.ts'

export interface ListEnvironmentsInput extends PageRequest {
  readonly organization: string
}

/** Lists the environments that the actor may read, in promotion order. */
export async function listEnvironments(
  context: OperationContext,
  input: ListEnvironmentsInput,
): Promise<Page<EnvironmentRow>> {
  requireSomewhere(context, input.organization, 'organization.read', ['environment'])
  const page = await context.store.read.environments.list(input.organization, input)
  return visiblePage(context, 'organization.read', page, ({ name }) => ({ environment: name }))
}
