import type { SecretName, SecretValue } from '@sallyport/core'
import type { EnvironmentSecretRow } from '../../store/port/secrets.ts'
import { secretContext } from '../../crypto/seal-contexts.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { newId } from '../new-id.ts'
import { conflict } from '../refusals.ts'
import { auditedSecret, secretFacts, SECRETS_PER_ENVIRONMENT_MAX, type SecretFacts } from './secret-facts.ts'

export interface PutSecretInput {
  readonly organization: string
  readonly environment: string
  readonly name: SecretName
  readonly value: SecretValue
}
export interface PutSecret {
  readonly secret: SecretFacts
  /** Whether the secret did not exist before. */
  readonly isNew: boolean
  readonly revision: number
}

/**
 * Creates a secret of an environment, or replaces its value. The value is sealed; only gateways read it, and no
 * response contains it.
 *
 * @throws Problem `conflict` if the environment has too many
 */
export async function putSecret(
  context: OperationContext,
  { organization, environment, name, value }: PutSecretInput,
): Promise<PutSecret> {
  const { value: put, revision } = await context.store.write(async (tx) => {
    await permittedEnvironment(context, tx.environments, organization, environment, 'secrets.write')
    const before = await tx.environmentSecrets.get(organization, environment, name)
    const nowMs = context.nowMs()
    const identity = { organization, environment, id: before?.id ?? newId('sec', context.randomBytes) }
    const row: EnvironmentSecretRow = {
      ...identity,
      name,
      sealedValue: context.sealer.seal(value, secretContext(identity)),
      createdAtMs: before?.createdAtMs ?? nowMs,
      updatedAtMs: nowMs,
      updatedBy: context.actor.id,
    }
    if (before === undefined) {
      const names = await tx.environmentSecrets.names(organization, environment)
      if (names.length >= SECRETS_PER_ENVIRONMENT_MAX) {
        throw conflict(
          `An environment has at most ${SECRETS_PER_ENVIRONMENT_MAX} secrets. Remove an unused one.`,
        )
      }
      await tx.environmentSecrets.insert(row)
    } else await tx.environmentSecrets.update(row)
    tx.audit(
      auditEntry(
        context,
        organization,
        before === undefined ? 'secrets.create' : 'secrets.update',
        `secret/${environment}/${name}`,
        { before: before === undefined ? null : auditedSecret(before), after: auditedSecret(row) },
      ),
    )
    return { secret: secretFacts(row), isNew: before === undefined }
  })
  return { ...put, revision }
}
