import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { notFound } from '../access/permission-checks.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { variableFacts, type VariableFacts } from './variable-facts.ts'

export interface GetVariableInput {
  readonly organization: string
  readonly environment: string
  readonly name: string
}

/** Returns one variable with its value. */
export async function getVariable(
  context: OperationContext,
  { organization, environment, name }: GetVariableInput,
): Promise<VariableFacts> {
  await permittedReading(context, organization, environment)
  const row = await context.store.read.environmentVariables.get(organization, environment, name)
  if (row === undefined) throw notFound(`variable "${name}" in ${environment}`)
  return variableFacts(row)
}

export interface ListVariablesInput extends PageRequest {
  readonly organization: string
  readonly environment: string
}

/** Lists the variables of an environment. */
export async function listVariables(
  context: OperationContext,
  input: ListVariablesInput,
): Promise<Page<VariableFacts>> {
  const { organization, environment } = input
  await permittedReading(context, organization, environment)
  const page = await context.store.read.environmentVariables.list(organization, environment, input)
  return { items: page.items.map(variableFacts), next: page.next }
}

async function permittedReading(
  context: OperationContext,
  organization: string,
  environment: string,
): Promise<void> {
  const { environments } = context.store.read
  await permittedEnvironment(context, environments, organization, environment, 'variables.read')
}
