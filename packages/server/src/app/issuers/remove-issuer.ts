import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedIssuer } from '../access/permitted-issuer.ts'

export interface RemoveIssuerInput {
  readonly organization: string
  readonly environment: string
  /** An issuer's id. */
  readonly issuer: string
}
export interface RemovedIssuer {
  readonly revision: number
}

/** Stops trusting an issuer: all of its tokens are refused, including those already issued. */
export async function removeIssuer(
  context: OperationContext,
  input: RemoveIssuerInput,
): Promise<RemovedIssuer> {
  const { organization, issuer: id } = input
  const { revision } = await context.store.write(async (tx) => {
    const row = await permittedIssuer(context, tx, input, 'signing-keys.write')
    await tx.issuers.remove(organization, id)
    tx.audit(auditEntry(context, organization, 'issuers.remove', `issuer/${id}`, { before: row }))
  })
  return { revision }
}
