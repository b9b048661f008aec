import type { OperationContext } from '../access/context.ts'
import { notFound } from '../access/permission-checks.ts'
import { permittedKey } from '../access/permitted-key.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { GetRotationInput } from './reading.ts'
import { auditedRotation } from './rotation-facts.ts'
import { requireNotDelivering } from './set-rotation.ts'

/**
 * Ends the rotation of a key. The key keeps its secrets.
 *
 * @throws Problem `not_found`, `permission_missing`; `conflict` while a new token is being delivered
 */
export async function removeRotation(
  context: OperationContext,
  { organization, key: id }: GetRotationInput,
): Promise<{ readonly revision: number }> {
  const { revision } = await context.store.write(async (tx) => {
    const key = await permittedKey(context, tx.keys, organization, id, 'keys.roll')
    const row = await tx.rotations.get(organization, key.id)
    if (row === undefined) throw notFound(`rotation of the key "${id}"`)
    requireNotDelivering(row, key, context.nowMs())
    await tx.rotations.remove(organization, key.id)
    const before = auditedRotation(row)
    tx.audit(auditEntry(context, organization, 'keys.rotation.remove', `key/${key.id}`, { before }))
  })
  return { revision }
}
