import type { Page, PageRequest } from '../../store/port/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { requestedPage } from '../paging.ts'
import { secretFacts, type SecretFacts } from './secret-fields.ts'

export interface ListSecretsInput extends PageRequest {
  readonly organization: string
  readonly environment: string
}

/** The secrets of an environment, without their values. */
export async function listSecrets(
  context: OperationContext,
  input: ListSecretsInput,
): Promise<Page<SecretFacts>> {
  const { organization, environment } = input
  const { read } = context.store
  await permittedEnvironment(
    context,
    read.environments,
    organization,
    environment,
    'secrets.read',
    'secrets.read',
  )
  const page = await read.environmentSecrets.list(organization, environment, requestedPage(input))
  return { items: page.items.map(secretFacts), next: page.next }
}
