import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { auditedExternalKey, permittedExternalKey } from './external-key-facts.ts'
import { partnerAuditEntry } from './partner-audit.ts'

export interface RemoveExternalKeyInput {
  readonly organization: string
  /** An external key's id. */
  readonly externalKey: string
}
export interface RemovedExternalKey {
  readonly revision: number
}

/** Removes an external key: the key no longer works here. It stays what it is in its own organization. */
export async function removeExternalKey(
  context: OperationContext,
  { organization, externalKey: id }: RemoveExternalKeyInput,
): Promise<RemovedExternalKey> {
  const { revision } = await context.store.write(async (tx) => {
    const row = await permittedExternalKey(context, tx.externalKeys, organization, id, 'external-keys.write')
    await tx.externalKeys.remove(organization, id)
    const before = auditedExternalKey(row)
    tx.audit(auditEntry(context, organization, 'external-keys.remove', `external-key/${id}`, { before }))
    tx.audit(partnerAuditEntry(context, 'acceptances.remove', row, { before: row }))
  })
  return { revision }
}
