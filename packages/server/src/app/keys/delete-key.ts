import type { KeyRow } from '../../store/port/keys.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { findPermitted, type FindKey } from '../access/permitted-key.ts'
import { alignHandOvers } from '../hand-overs/follow-key.ts'
import { OWNER, requireOwnerLeft } from '../access/last-owner.ts'
import { requireStepUp } from '../access/step-up.ts'

export interface DeleteKeyInput {
  readonly organization: string
  /** A key's id. */
  readonly key: string
}
export interface DeletedKey {
  readonly key: KeyRow
  readonly revision: number
}

/**
 * Deletes a key permanently and withdraws its hand-overs; a tombstone remains. Deleting it again changes nothing and returns the newest revision, so
 * that a caller who missed the first response can still wait for the receipt.
 *
 * @throws Problem `conflict` for the last key that owns the organization, `step_up_required` for an owner
 * @param find finds the key, if the actor may delete it
 */
export async function deleteKey(
  context: OperationContext,
  { organization, key: id }: DeleteKeyInput,
  find: FindKey = findPermitted('keys.delete'),
): Promise<DeletedKey> {
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await find(context, tx.keys, organization, id)
    if (before.deletedAtMs !== null) return before
    if (before.roles.includes(OWNER)) requireStepUp(context)
    const after: KeyRow = { ...before, deletedAtMs: context.nowMs() }
    await tx.keys.update(after)
    await alignHandOvers(tx, context, after)
    await requireOwnerLeft(context, tx, before, after)
    tx.audit(
      auditEntry(context, organization, 'keys.delete', `key/${before.id}`, {
        before: auditedKey(before),
        after: auditedKey(after),
      }),
    )
    return after
  })
  return { key: value, revision }
}
