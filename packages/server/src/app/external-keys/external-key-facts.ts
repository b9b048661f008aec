import type { KeyId, Permission } from '@sallyport/core'
import type { ExternalKeyReader, ExternalKeyRow, PartnerKeyRow } from '../../store/port/external-keys.ts'
import type { CredentialBounds } from '../access/credential-bounds.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedResource } from '../access/permission-checks.ts'

/** Why an external key does not work, although its credential may be right. */
export type InactiveReason =
  | 'switched_off_here'
  | 'owner_inactive'
  | 'owner_expired'
  | 'owner_deleted'
  | 'owner_forbids'

/** An external key as the organization that added it may know it. */
export interface ExternalKeyFacts {
  readonly row: ExternalKeyRow
  readonly ownerName: string
  /** Null while it works. */
  readonly inactiveBecause: InactiveReason | null
  /** When it was last used here, in ms since 1970; null for never. */
  readonly lastUsedAtMs: number | null
}

/**
 * Why a key does not work in the organization that added it, or null. What this organization decided comes first, then
 * what its owner cannot undo.
 */
function inactiveBecause(row: ExternalKeyRow, key: PartnerKeyRow, nowMs: number): InactiveReason | null {
  if (!row.active) return 'switched_off_here'
  if (key.deletedAtMs !== null) return 'owner_deleted'
  if (!row.allowed) return 'owner_forbids'
  if (nowMs >= key.endsAtMs) return 'owner_expired'
  return key.active ? null : 'owner_inactive'
}

/** A use before the key was added again may be reported after that. */
function lastUseSince(addedAtMs: number, atMs: number | undefined): number | null {
  return atMs === undefined || atMs < addedAtMs ? null : atMs
}

/** Adds what else is known about external keys of one organization. */
export async function withFacts(
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  reader: ExternalKeyReader,
  organization: string,
  rows: readonly ExternalKeyRow[],
): Promise<readonly ExternalKeyFacts[]> {
  const ids = rows.map(({ keyId }) => keyId)
  const keys = new Map<KeyId, PartnerKeyRow>()
  for (const key of await reader.partnerKeys(ids)) keys.set(key.keyId, key)
  const uses = await reader.lastUses(organization, ids)
  const atMs = nowMs()
  return rows.map((row) => {
    const key = keys.get(row.keyId)
    // A deleted key remains as a tombstone.
    if (key === undefined) throw new Error(`the external key ${row.id} has no key`)
    return {
      row,
      ownerName: key.ownerName,
      inactiveBecause: inactiveBecause(row, key, atMs),
      lastUsedAtMs: lastUseSince(row.createdAtMs, uses.get(row.keyId)),
    }
  })
}

/** The facts of one external key. */
export async function factsOf(
  context: Pick<OperationContext, 'nowMs'>,
  reader: ExternalKeyReader,
  row: ExternalKeyRow,
): Promise<ExternalKeyFacts> {
  const [facts] = await withFacts(context, reader, row.organization, [row])
  if (facts === undefined) throw new Error('one row has no facts')
  return facts
}

/**
 * The external key with this id, if the actor has the permission on it.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedExternalKey(
  context: OperationContext,
  reader: ExternalKeyReader,
  organization: string,
  id: string,
  permission: Permission,
): Promise<ExternalKeyRow> {
  return await permittedResource(
    context,
    permission,
    { organization, name: `external key "${id}"`, read: ['external-keys.read'], targetOf: () => ({}) },
    async () => await reader.get(organization, id),
  )
}

/** What limits an external key here besides its roles. Its owner decides when it ends, so for this organization it never does. */
export function boundsOf({
  addressRules,
  rateLimits,
}: Pick<ExternalKeyRow, 'addressRules' | 'rateLimits'>): CredentialBounds {
  return { expiresAtMs: null, addressRules, rateLimits }
}

/** An external key in the audit log of the organization that added it. */
export function auditedExternalKey({
  allowed: _decidedByOwner,
  ...facts
}: ExternalKeyRow): Record<string, unknown> {
  return facts
}
