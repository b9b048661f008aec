import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'

/** Records in the audit log of each organization of a person what became of their second factor. */
export async function auditSecondFactor(
  tx: Pick<Writer, 'members' | 'audit'>,
  context: OperationContext,
  person: string,
  change: 'add' | 'remove' | 'replace-recovery-codes',
): Promise<void> {
  for (const { organization } of await tx.members.ofPerson(person)) {
    tx.audit(auditEntry(context, organization, `second-factors.${change}`, `member/${person}`, {}))
  }
}
