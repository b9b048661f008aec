import type { EnvironmentSecretRow } from '../../store/port/secrets.ts'
import { secretContext } from '../../crypto/seal-contexts.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { newId } from '../new-id.ts'
import { conflict, requireNone } from '../refusals.ts'
import {
  auditedSecret,
  secretFacts,
  secretNameErrors,
  SECRETS_PER_ENVIRONMENT_MAX,
  secretValueErrors,
  type SecretFacts,
} from './secret-fields.ts'

export interface PutSecretInput {
  readonly organization: string
  readonly environment: string
  readonly name: string
  readonly value: string
}
export interface PutSecret {
  readonly secret: SecretFacts
  /** Whether there was none of that name. */
  readonly isNew: boolean
  readonly revision: number
}

/**
 * Sets a secret of an environment, new or in place of its value. The value is sealed, used by gateways alone, and
 * never given out again.
 *
 * @throws Problem `conflict` when the environment has too many
 */
export async function putSecret(
  context: OperationContext,
  { organization, environment, name, value }: PutSecretInput,
): Promise<PutSecret> {
  const { value: put, revision } = await context.store.write(async (tx) => {
    await permittedEnvironment(
      context,
      tx.environments,
      organization,
      environment,
      'secrets.write',
      'secrets.read',
    )
    requireNone([...secretNameErrors('/name', name), ...secretValueErrors('/value', value)])
    const before = await tx.environmentSecrets.get(organization, environment, name)
    const nowMs = context.nowMs()
    const place = { organization, environment, id: before?.id ?? newId('sec', context.randomBytes) }
    const row: EnvironmentSecretRow = {
      ...place,
      name,
      sealedValue: context.sealer.seal(value, secretContext(place)),
      createdAtMs: before?.createdAtMs ?? nowMs,
      updatedAtMs: nowMs,
      updatedBy: context.actor.id,
    }
    if (before === undefined) {
      const names = await tx.environmentSecrets.names(organization, environment)
      if (names.length >= SECRETS_PER_ENVIRONMENT_MAX) {
        throw conflict(
          `An environment has at most ${SECRETS_PER_ENVIRONMENT_MAX} secrets. Remove one that is not used.`,
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
