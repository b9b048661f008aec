import { notFound } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { requireStepUp } from '../access/step-up.ts'
import { conflict } from '../refusals.ts'
import { auditedSigningKey } from './signing-key-facts.ts'

export interface RemoveSigningKeyInput {
  readonly organization: string
  readonly environment: string
  /** Its `kid`. */
  readonly signingKey: string
}
export interface RemovedSigningKey {
  readonly revision: number
}

/**
 * Removes a key that only verifies before its overlap ends, which invalidates every token that it signed. Use it when
 * the private key may have leaked.
 *
 * @throws Problem `conflict` for the key that currently signs; `step_up_required`
 */
export async function removeSigningKey(
  context: OperationContext,
  { organization, environment, signingKey: id }: RemoveSigningKeyInput,
): Promise<RemovedSigningKey> {
  const { revision } = await context.store.write(async (tx) => {
    await permittedEnvironment(context, tx.environments, organization, environment, 'signing-keys.write')
    const row = (await tx.signingKeys.all(organization, environment)).find((each) => each.id === id)
    if (row === undefined) throw notFound(`signing key "${id}"`)
    if (row.verifiesUntilMs === null) {
      throw conflict(
        'This key currently signs. Rotate it with overlapSeconds: 0, which invalidates its tokens at once.',
      )
    }
    requireStepUp(context)
    await tx.signingKeys.remove(organization, id)
    tx.audit(
      auditEntry(context, organization, 'signing-keys.remove', `signing-key/${id}`, {
        before: auditedSigningKey(row),
      }),
    )
  })
  return { revision }
}
