import type { EnvironmentRow } from '../../store/port/environments.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { insertFirstSigningKey, type NewSigningKey } from '../signing-keys/new-signing-key.ts'

/**
 * Inserts an environment with the first version of its policy, which demands nothing, and with a signing key, so that
 * a login pipeline can be deployed at once.
 */
export async function insertEnvironment(
  tx: Writer,
  context: OperationContext,
  environment: EnvironmentRow,
  signingKey: NewSigningKey,
): Promise<void> {
  const { organization, name, position, requiresPrevious, whenStale, createdAtMs } = environment
  await tx.environments.insert(environment)
  await tx.policies.insert({
    organization,
    environment: name,
    version: 1,
    mode: 'any',
    createdAtMs,
    createdBy: context.actor.id,
  })
  tx.audit(
    auditEntry(context, organization, 'environments.create', `environment/${name}`, {
      after: { name, position, requiresPrevious, whenStale, policy: 'any' },
    }),
  )
  await insertFirstSigningKey(tx, context, signingKey, { organization, environment: name })
}
