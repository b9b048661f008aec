import type { AuditAction } from '../../store/port/audit/audit-actions.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from './audit-entry.ts'

/**
 * Records a change of a person in the audit log of each of their organizations.
 *
 * @param person the id
 * @param action such as `passkeys.add`
 */
export async function auditPerson(
  tx: Pick<Writer, 'members' | 'audit'>,
  context: OperationContext,
  person: string,
  action: AuditAction,
  states: { readonly before?: object; readonly after?: object } = {},
): Promise<void> {
  for (const { organization } of await tx.members.ofPerson(person)) {
    tx.audit(auditEntry(context, organization, action, `member/${person}`, states))
  }
}
