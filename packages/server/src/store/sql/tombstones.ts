import type { Database } from '../database/schema.ts'
import type { StagedChange } from '../feed/staged-change.ts'

/**
 * Lets the deleted keys of an environment or a consumer go on as keys of the organization alone, so that it can be
 * removed: a tombstone stays for as long as the organization does, and says no more than that the key was deleted.
 * What the key belonged to is in the audit log.
 */
export async function freeTombstones(
  db: Database,
  staged: StagedChange,
  organization: string,
  column: 'environment' | 'consumer',
  value: string,
): Promise<void> {
  const tombstones = await db
    .selectFrom('keys')
    .select('id')
    .where('organization', '=', organization)
    .where(column, '=', value)
    .where('deleted_at', 'is not', null)
    .orderBy('id')
    .execute()
  if (tombstones.length === 0) return
  await db
    .updateTable('keys')
    .set(column === 'environment' ? { environment: null } : { consumer: null })
    .where('organization', '=', organization)
    .where(column, '=', value)
    .where('deleted_at', 'is not', null)
    .execute()
  for (const { id } of tombstones) staged.touch('key', organization, id)
}
