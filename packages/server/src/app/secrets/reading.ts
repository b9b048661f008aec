import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { notFound } from '../access/permission-checks.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { secretFacts, type SecretFacts } from './secret-facts.ts'

export interface GetSecretInput {
  readonly organization: string
  readonly environment: string
  readonly name: string
}

/** Returns one secret without its value, which cannot be read back. */
export async function getSecret(
  context: OperationContext,
  { organization, environment, name }: GetSecretInput,
): Promise<SecretFacts> {
  await permittedReading(context, organization, environment)
  const row = await context.store.read.environmentSecrets.get(organization, environment, name)
  if (row === undefined) throw notFound(`secret "${name}" in ${environment}`)
  return secretFacts(row)
}

export interface ListSecretsInput extends PageRequest {
  readonly organization: string
  readonly environment: string
}

/** Lists the secrets of an environment, without their values. */
export async function listSecrets(
  context: OperationContext,
  input: ListSecretsInput,
): Promise<Page<SecretFacts>> {
  const { organization, environment } = input
  await permittedReading(context, organization, environment)
  const page = await context.store.read.environmentSecrets.list(organization, environment, input)
  return { items: page.items.map(secretFacts), next: page.next }
}

async function permittedReading(
  context: OperationContext,
  organization: string,
  environment: string,
): Promise<void> {
  const { environments } = context.store.read
  await permittedEnvironment(context, environments, organization, environment, 'secrets.read')
}
