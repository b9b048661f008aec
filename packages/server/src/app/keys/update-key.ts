import type { CheckedLabels, CustomRoles, KeyRateLimits, Title } from '@sallyport/core'
import type { AddressRule } from '../../address/address-rules.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { OperationContext } from '../access/context.ts'
import { OWNER, requireOwnerLeft } from '../access/last-owner.ts'
import { excessOf } from '../access/credential-bounds.ts'
import { permittedKey } from '../access/permitted-key.ts'
import { requireStepUp } from '../access/step-up.ts'
import { requireStillReachable } from '../access/still-reachable.ts'
import { customRolesAmong, requireCovered, requireWithinBounds, roleErrors } from '../access/roles.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import { alignHandOvers } from '../hand-overs/follow-key.ts'
import type { FieldError } from '../refusals.ts'
import { conflict, requireNone } from '../refusals.ts'
import { expiryErrors } from './key-expiry.ts'
import { reportMovedEnd } from './report-deadlines.ts'

export interface UpdateKeyInput {
  readonly organization: string
  /** A key's id. */
  readonly key: string
  readonly name?: Title | undefined
  readonly active?: boolean | undefined
  readonly expiresAtMs?: number | null | undefined
  readonly roles?: readonly string[] | undefined
  readonly addressRules?: readonly AddressRule[] | undefined
  readonly rateLimits?: KeyRateLimits | undefined
  /** All labels that the key has afterwards. */
  readonly labels?: CheckedLabels | undefined
}
export interface UpdatedKey {
  readonly key: KeyRow
  readonly revision: number
}

/**
 * Updates a key; omitted fields keep their values.
 *
 * @throws Problem `conflict` for a deleted key, if no key would own the organization afterwards, and if the key that acts would shut itself out;
 *   `permission_missing` also if the change lets the key do more than the actor may, or longer, or from more addresses;
 *   `step_up_required` if the key no longer is an owner
 */
export async function updateKey(context: OperationContext, input: UpdateKeyInput): Promise<UpdatedKey> {
  const { organization } = input
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedKey(context, tx.keys, organization, input.key, 'keys.write')
    if (before.deletedAtMs !== null) throw conflict('The key is deleted. Create a new key instead.')
    const { roles = before.roles } = input
    const custom = await customRolesAmong(tx.roles, { organization, roles })
    requireNone(fieldErrors(input, custom, before, context.nowMs()))
    const after: KeyRow = {
      ...before,
      name: input.name ?? before.name,
      active: input.active ?? before.active,
      expiresAtMs: input.expiresAtMs === undefined ? before.expiresAtMs : input.expiresAtMs,
      roles,
      addressRules: input.addressRules === undefined ? before.addressRules : [...new Set(input.addressRules)],
      rateLimits: input.rateLimits ?? before.rateLimits,
      labels: input.labels ?? before.labels,
    }
    if (before.roles.includes(OWNER) && !roles.includes(OWNER)) requireStepUp(context)
    requireStillReachable(context, before.id, after.addressRules)
    if (mayGive(before, after)) requireCovered(context, after, custom)
    if (extendsLife(before, after)) requireWithinBounds(context, 'keys.write', after)
    await tx.keys.update(after)
    await alignHandOvers(tx, context, after)
    await requireOwnerLeft(context, tx, before, after)
    tx.audit(
      auditEntry(context, organization, 'keys.update', `key/${before.id}`, {
        before: auditedKey(before),
        after: auditedKey(after),
      }),
    )
    reportMovedEnd(tx, before, after, context.nowMs())
    return after
  })
  return { key: value, revision }
}

function fieldErrors(
  input: UpdateKeyInput,
  custom: CustomRoles,
  before: KeyRow,
  nowMs: number,
): FieldError[] {
  const { roles, expiresAtMs } = input
  const errors: FieldError[] = []
  if (roles !== undefined) errors.push(...roleErrors('/roles', roles, custom))
  if (roles !== undefined && roles.length > 0 && before.type === 'public') {
    errors.push({ path: '/roles', message: 'A public key has no roles.' })
  }
  if (expiresAtMs !== undefined && expiresAtMs !== before.expiresAtMs) {
    errors.push(...expiryErrors('/expiresAt', expiresAtMs, nowMs))
  }
  return errors
}

/**
 * Whether a change may let the key do more than before. Switching a key off, ending it earlier, removing roles,
 * renaming and labelling it only take rights away or change none, so actors who could not have created the key may do this too.
 */
function mayGive(before: KeyRow, after: KeyRow): boolean {
  return (
    isRevived(before, after) ||
    (after.expiresAtMs ?? Infinity) > (before.expiresAtMs ?? Infinity) ||
    JSON.stringify(after.addressRules) !== JSON.stringify(before.addressRules) ||
    JSON.stringify(after.rateLimits) !== JSON.stringify(before.rateLimits)
  )
}

/** Whether a change lets the key work longer, from more addresses, under looser limits, or with more roles. */
function extendsLife(before: KeyRow, after: KeyRow): boolean {
  return isRevived(before, after) || excessOf(before, after).length > 0
}

function isRevived(before: KeyRow, after: KeyRow): boolean {
  return (after.active && !before.active) || after.roles.some((role) => !before.roles.includes(role))
}
