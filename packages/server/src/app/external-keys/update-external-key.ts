import type { KeyRateLimits, Title } from '@sallyport/core'
import type { AddressRule } from '../../address/address-rules.ts'
import type { ExternalKeyRow } from '../../store/port/external-keys.ts'
import type { OperationContext } from '../access/context.ts'
import { excessOf } from '../access/credential-bounds.ts'
import { customRolesAmong, requireCovered, requireWithinBounds, roleErrors } from '../access/roles.ts'
import { requireStillReachable } from '../access/still-reachable.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { requireNone } from '../refusals.ts'
import {
  auditedExternalKey,
  boundsOf,
  factsOf,
  permittedExternalKey,
  type ExternalKeyFacts,
} from './external-key-facts.ts'
import { partnerAuditEntry } from './partner-audit.ts'

export interface UpdateExternalKeyInput {
  readonly organization: string
  /** An external key's id. */
  readonly externalKey: string
  readonly label?: Title | null | undefined
  /** At least one. */
  readonly roles?: readonly string[] | undefined
  readonly active?: boolean | undefined
  readonly addressRules?: readonly AddressRule[] | undefined
  readonly rateLimits?: KeyRateLimits | undefined
}
export interface UpdatedExternalKey {
  readonly externalKey: ExternalKeyFacts
  readonly revision: number
}

/**
 * Updates an external key; omitted fields keep their values.
 *
 * @throws Problem `permission_missing` also if the change lets the key do more than the actor may, from more addresses or
 *   under looser limits; `invalid_request` for roles that do not exist; `conflict` if the key that acts would shut itself out
 */
export async function updateExternalKey(
  context: OperationContext,
  input: UpdateExternalKeyInput,
): Promise<UpdatedExternalKey> {
  const { organization, externalKey: id } = input
  const { value, revision } = await context.store.write(async (tx) => {
    const { externalKeys } = tx
    const before = await permittedExternalKey(context, externalKeys, organization, id, 'external-keys.write')
    const { roles = before.roles } = input
    const custom = await customRolesAmong(tx.roles, { organization, roles })
    requireNone(input.roles === undefined ? [] : roleErrors('/roles', roles, custom))
    const after: ExternalKeyRow = {
      ...before,
      label: input.label === undefined ? before.label : input.label,
      roles,
      active: input.active ?? before.active,
      addressRules: input.addressRules === undefined ? before.addressRules : [...new Set(input.addressRules)],
      rateLimits: input.rateLimits ?? before.rateLimits,
    }
    requireStillReachable(context, before.keyId, after.addressRules)
    if (mayGive(before, after)) {
      requireCovered(context, { organization, roles, environment: null }, custom)
      requireWithinBounds(context, 'external-keys.write', boundsOf(after))
    }
    await externalKeys.update(after)
    tx.audit(
      auditEntry(context, organization, 'external-keys.update', `external-key/${id}`, {
        before: auditedExternalKey(before),
        after: auditedExternalKey(after),
      }),
    )
    tx.audit(partnerAuditEntry(context, 'acceptances.update', after, { before, after }))
    return await factsOf(context, externalKeys, after)
  })
  return { externalKey: value, revision }
}

/**
 * Whether a change may let the key do more than before. Switching it off, removing roles, narrowing its bounds and
 * renaming it take rights away or change none.
 */
function mayGive(before: ExternalKeyRow, after: ExternalKeyRow): boolean {
  const isRevived = after.active && !before.active
  const hasNewRole = after.roles.some((role) => !before.roles.includes(role))
  return isRevived || hasNewRole || excessOf(boundsOf(before), boundsOf(after)).length > 0
}
