import type { PasskeyRow } from '../../store/port/people/passkeys.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'

/** Records in the audit log of each organization of a person what became of a passkey of theirs. */
export async function auditPasskey(
  tx: Pick<Writer, 'members' | 'audit'>,
  context: OperationContext,
  change: 'add' | 'rename' | 'remove',
  { before, after }: { readonly before?: PasskeyRow; readonly after?: PasskeyRow },
): Promise<void> {
  const person = (after ?? before)?.person ?? ''
  const states = { before: before && facts(before), after: after && facts(after) }
  for (const { organization } of await tx.members.ofPerson(person)) {
    tx.audit(auditEntry(context, organization, `passkeys.${change}`, `member/${person}`, states))
  }
}

/** A passkey in the audit log, without its credential and key. */
function facts({ id, name, backupEligible, createdAtMs }: PasskeyRow) {
  return { id, name, synced: backupEligible, createdAtMs }
}
