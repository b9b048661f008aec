import { notFound } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { secretFacts, type SecretFacts } from './secret-fields.ts'

export interface GetSecretInput {
  readonly organization: string
  readonly environment: string
  readonly name: string
}

/** What is known of a secret beside its value, which nobody can read. */
export async function getSecret(
  context: OperationContext,
  { organization, environment, name }: GetSecretInput,
): Promise<SecretFacts> {
  const { read } = context.store
  await permittedEnvironment(
    context,
    read.environments,
    organization,
    environment,
    'secrets.read',
    'secrets.read',
  )
  const row = await read.environmentSecrets.get(organization, environment, name)
  if (row === undefined) throw notFound(`secret "${name}" in ${environment}`)
  return secretFacts(row)
}
