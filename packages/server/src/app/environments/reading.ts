import type { EnvironmentRow } from '../../store/port/environments.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { visibleScopes } from '../access/permission-checks.ts'

export interface GetEnvironmentInput {
  readonly organization: string
  /** The name of an environment. */
  readonly environment: string
}

/** Returns one environment. */
export async function getEnvironment(
  context: OperationContext,
  { organization, environment }: GetEnvironmentInput,
): Promise<EnvironmentRow> {
  const { environments } = context.store.read
  return await permittedEnvironment(context, environments, organization, environment, 'organization.read')
}

export interface ListEnvironmentsInput extends PageRequest {
  readonly organization: string
}

/** Lists the environments that the actor may read, in promotion order. */
export async function listEnvironments(
  context: OperationContext,
  input: ListEnvironmentsInput,
): Promise<Page<EnvironmentRow>> {
  const visible = visibleScopes(context, input.organization, 'organization.read', ['environment'])
  return await context.store.read.environments.list(input.organization, { ...input, visible })
}
