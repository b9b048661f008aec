import type { RateLimit } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import { readAddressRules } from './address-rules.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedKey } from '../access/permitted-key.ts'
import { expiryErrors, rateLimitErrors } from './key-fields.ts'
import { requireOwnerLeft } from '../access/last-owner.ts'
import { titleErrors } from '../names.ts'
import type { FieldError } from '../refusals.ts'
import { conflict, requireNone } from '../refusals.ts'
import { requireCovered, roleErrors } from '../access/roles.ts'

export interface UpdateKeyInput {
  readonly organization: string
  /** A key's id. */
  readonly key: string
  readonly name?: string | undefined
  readonly active?: boolean | undefined
  readonly expiresAtMs?: number | null | undefined
  readonly roles?: readonly string[] | undefined
  readonly addressRules?: readonly string[] | undefined
  readonly rateLimits?: readonly RateLimit[] | undefined
}
export interface UpdatedKey {
  readonly key: KeyRow
  readonly revision: number
}

/**
 * Changes a key; what is left out stays.
 *
 * @throws Problem `conflict` for a deleted key, and where no key would own the organization any more;
 *   `permission_missing` also when the change would let a key with roles do more than the actor may
 */
export async function updateKey(context: OperationContext, input: UpdateKeyInput): Promise<UpdatedKey> {
  const { organization } = input
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedKey(context, tx.keys, organization, input.key, 'keys.write')
    if (before.deletedAtMs !== null) throw conflict('The key is deleted, and that is for good.')
    const address =
      input.addressRules === undefined ? undefined : readAddressRules('/addressRules', input.addressRules)
    requireNone([...fieldErrors(input, before, context.nowMs()), ...(address?.errors ?? [])])
    const after: KeyRow = {
      ...before,
      name: input.name ?? before.name,
      active: input.active ?? before.active,
      expiresAtMs: input.expiresAtMs === undefined ? before.expiresAtMs : input.expiresAtMs,
      roles: input.roles ?? before.roles,
      addressRules: address?.rules ?? before.addressRules,
      rateLimits: input.rateLimits ?? before.rateLimits,
    }
    if (mayGive(before, after)) requireCovered(context, after)
    await tx.keys.update(after)
    await requireOwnerLeft(context, tx.keys, before, after)
    tx.audit(
      auditEntry(context, organization, 'keys.update', `key/${before.id}`, {
        before: auditedKey(before),
        after: auditedKey(after),
      }),
    )
    return after
  })
  return { key: value, revision }
}

function fieldErrors(input: UpdateKeyInput, before: KeyRow, nowMs: number): FieldError[] {
  const { name, roles, expiresAtMs, rateLimits } = input
  const errors: FieldError[] = []
  if (name !== undefined) errors.push(...titleErrors('/name', name))
  if (roles !== undefined) errors.push(...roleErrors('/roles', roles))
  if (roles !== undefined && roles.length > 0 && before.type === 'public') {
    errors.push({ path: '/roles', message: 'A public key has no roles.' })
  }
  if (expiresAtMs !== undefined && expiresAtMs !== before.expiresAtMs) {
    errors.push(...expiryErrors('/expiresAt', expiresAtMs, nowMs))
  }
  if (rateLimits !== undefined) errors.push(...rateLimitErrors('/rateLimits', rateLimits))
  return errors
}

/**
 * Whether a change may let the key do more than before. To switch a key off, to end it sooner, to take roles from it
 * and to name it anew only takes away or does nothing: that is open also to those who could not have made the key.
 */
function mayGive(before: KeyRow, after: KeyRow): boolean {
  return (
    (after.active && !before.active) ||
    after.roles.some((role) => !before.roles.includes(role)) ||
    (after.expiresAtMs ?? Infinity) > (before.expiresAtMs ?? Infinity) ||
    JSON.stringify(after.addressRules) !== JSON.stringify(before.addressRules) ||
    JSON.stringify(after.rateLimits) !== JSON.stringify(before.rateLimits)
  )
}
