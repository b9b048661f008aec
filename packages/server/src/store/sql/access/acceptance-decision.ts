import type { KeyId } from '@sallyport/core'
import { sql } from 'kysely'
import type { Database } from '../../database/schema.ts'
import type { AcceptanceScope, DecidedExternalKey } from '../../port/acceptances.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    acceptance_refusals: AcceptanceRefusalsTable
  }
}

export interface AcceptanceRefusalsTable {
  organization: string
  /** `ALL`, or the id of one key. */
  key_id: string
  /** `ALL`, or the slug of one other organization. */
  partner: string
  created_at: number
  created_by: string
}

/** Stands for all keys, and for all organizations. */
export const ALL = ''

/**
 * Decides again whether the external keys that a scope concerns are allowed: if no refusal of the key's owner concerns them.
 *
 * @returns those that have another value now
 */
export async function decideAllowed(
  db: Database,
  { organization, keyId, partner }: AcceptanceScope,
): Promise<readonly DecidedExternalKey[]> {
  const isRefused = sql<number>`exists (
    select 1 from acceptance_refusals as refusal
    where refusal.organization = external_keys.owner
      and refusal.key_id in (${ALL}, external_keys.key_id)
      and refusal.partner in (${ALL}, external_keys.organization)
  )`
  const allowed = sql<number>`case when ${isRefused} then 0 else 1 end`
  let changed = db
    .updateTable('external_keys')
    .set({ allowed })
    .where('owner', '=', organization)
    .where('allowed', '<>', allowed)
  if (keyId !== null) changed = changed.where('key_id', '=', keyId)
  if (partner !== null) changed = changed.where('organization', '=', partner)
  const decided = await changed.returning(['organization', 'id', 'key_id']).execute()
  return decided.map((row) => ({ organization: row.organization, id: row.id, keyId: row.key_id as KeyId }))
}
