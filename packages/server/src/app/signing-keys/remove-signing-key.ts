import { notFound } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { conflict } from '../refusals.ts'
import { auditedSigningKey } from './signing-key-fields.ts'

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
 * Ends a key that signs no more before its overlap is over, and with it every token that it has signed: what is done
 * about a private half that somebody else may have.
 *
 * @throws Problem `conflict` for the key that signs
 */
export async function removeSigningKey(
  context: OperationContext,
  { organization, environment, signingKey: id }: RemoveSigningKeyInput,
): Promise<RemovedSigningKey> {
  const { revision } = await context.store.write(async (tx) => {
    await permittedEnvironment(
      context,
      tx.environments,
      organization,
      environment,
      'signing-keys.write',
      'signing-keys.read',
    )
    const row = (await tx.signingKeys.all(organization, environment)).find((each) => each.id === id)
    if (row === undefined) throw notFound(`signing key "${id}"`)
    if (row.verifiesUntilMs === null) {
      throw conflict('The key signs. Rotate it with overlapSeconds: 0, which ends its tokens at once.')
    }
    await tx.signingKeys.remove(organization, id)
    tx.audit(
      auditEntry(context, organization, 'signing-keys.remove', `signing-key/${id}`, {
        before: auditedSigningKey(row),
      }),
    )
  })
  return { revision }
}
