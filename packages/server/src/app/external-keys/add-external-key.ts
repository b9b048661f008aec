import {
  EXTERNAL_KEYS_PER_ORGANIZATION_MAX,
  isKeyId,
  type KeyId,
  type KeyRateLimits,
  type Title,
} from '@sallyport/core'
import type { AddressRule } from '../../address/address-rules.ts'
import type { ExternalKeyRow, PartnerKeyRow } from '../../store/port/external-keys.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { customRolesAmong, requireCovered, requireWithinBounds, roleErrors } from '../access/roles.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { newId } from '../new-id.ts'
import { conflict, invalidRequest, requireNone } from '../refusals.ts'
import { auditedExternalKey, boundsOf, factsOf, type ExternalKeyFacts } from './external-key-facts.ts'
import { partnerAuditEntry } from './partner-audit.ts'

export interface AddExternalKeyInput {
  readonly organization: string
  /** The id of a key of another organization. */
  readonly keyId: string
  readonly label?: Title | undefined
  /** At least one. */
  readonly roles: readonly string[]
  readonly addressRules?: readonly AddressRule[] | undefined
  readonly rateLimits?: KeyRateLimits | undefined
}

/**
 * Gives roles of this organization to a key of another one, so that it works here until either side ends that.
 *
 * @throws Problem `permission_missing` also if the roles give more than the actor has, or the bounds are wider than its
 *   own; `invalid_request` for roles that do not exist, and with one answer for an unknown key, one that cannot be
 *   added, and one whose owner does not allow it; `conflict` if the organization has the key already, or
 *   `EXTERNAL_KEYS_PER_ORGANIZATION_MAX` of them
 */
export async function addExternalKey(
  context: OperationContext,
  input: AddExternalKeyInput,
): Promise<ExternalKeyFacts> {
  const { organization, roles } = input
  const { value } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'external-keys.write')
    const custom = await customRolesAmong(tx.roles, { organization, roles })
    requireNone(roleErrors('/roles', roles, custom))
    // Everything else is checked before the key is looked up, so that no other refusal says whether it exists.
    requireCovered(context, { organization, roles, environment: null }, custom)
    const bounds = { addressRules: [...new Set(input.addressRules)], rateLimits: input.rateLimits ?? [] }
    requireWithinBounds(context, 'external-keys.write', boundsOf(bounds))
    if ((await tx.externalKeys.countOfOrganization(organization)) >= EXTERNAL_KEYS_PER_ORGANIZATION_MAX) {
      throw conflict(
        `An organization has at most ${EXTERNAL_KEYS_PER_ORGANIZATION_MAX} external keys. Remove an unused one.`,
      )
    }
    const { keyId, owner } = await acceptableKey(tx, organization, input.keyId)
    const row: ExternalKeyRow = {
      organization,
      id: newId('ext', context.randomBytes),
      keyId,
      owner,
      label: input.label ?? null,
      roles,
      active: true,
      allowed: true,
      ...bounds,
      createdAtMs: context.nowMs(),
      createdBy: context.actor.id,
    }
    await tx.externalKeys.insert(row)
    const after = auditedExternalKey(row)
    tx.audit(auditEntry(context, organization, 'external-keys.add', `external-key/${row.id}`, { after }))
    tx.audit(partnerAuditEntry(context, 'acceptances.add', row, { after: row }))
    return await factsOf(context, tx.externalKeys, row)
  })
  return value
}

/**
 * A key that this organization may add. Whatever is in the way, the queries and the answer are the same, so that they do
 * not tell which keys other organizations have.
 */
async function acceptableKey(tx: Writer, organization: string, sent: string): Promise<PartnerKeyRow> {
  const id: KeyId = isKeyId(sent) ? sent : NO_KEY
  const [key] = await tx.externalKeys.partnerKeys([id])
  const refusals = await tx.acceptances.refusalsOf(key?.owner ?? organization, id)
  const isRefused = refusals.some(({ partner }) => partner === null || partner === organization)
  if (key !== undefined && id === sent && !isRefused) {
    if (key.owner !== organization && !key.isPublic && key.deletedAtMs === null) return key
  }
  const message = isKeyId(sent)
    ? `There is no key "${sent}" that you can add. Ask its owner for the id of a secret key, and whether your organization may accept it.`
    : // It may be a token, which is not repeated.
      'This is not the id of a key. An id looks like key_4fT0Qm2ZrX9bLk7A. Its owner must never give you the token.'
  throw invalidRequest([{ path: '/keyId', message }])
}

/** Looked up for a text that is no id, so that this takes as long as any other unknown id. */
const NO_KEY: KeyId = 'key_0000000000000000'
