import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { type ImportInput, visibleImport } from './reading.ts'

/**
 * Stops an import. The keys that it has made stay. Nothing changes if it has ended.
 *
 * @throws Problem `not_found`; `permission_missing` for another actor's import without `keys.create` everywhere
 */
export async function stopImport(
  context: OperationContext,
  input: ImportInput,
): Promise<{ readonly revision: number }> {
  return await context.store.write(async (tx) => await stop(tx, context, input))
}

async function stop(tx: Writer, context: OperationContext, input: ImportInput): Promise<void> {
  const { organization, import: id } = input
  const row = await visibleImport(context, tx.imports, input)
  if (row.createdBy !== context.actor.id) requirePermission(context, organization, 'keys.create')
  if (row.endedAtMs !== null) return
  await tx.imports.update({ ...row, state: 'stopped', endedAtMs: context.nowMs() })
  const { state, read, made } = row
  tx.audit(
    auditEntry(context, organization, 'imports.stop', `import/${id}`, {
      before: { id, state, read, made },
      after: { id, state: 'stopped', read, made },
    }),
  )
}
