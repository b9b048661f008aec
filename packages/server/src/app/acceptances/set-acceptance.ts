import { ACCEPTANCE_RULES_PER_KEY_MAX, parseSlug, type KeyId } from '@sallyport/core'
import type { AcceptanceScope, DecidedExternalKey } from '../../store/port/acceptances.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { notFound, requirePermission } from '../access/permission-checks.ts'
import { permittedKey } from '../access/permitted-key.ts'
import { customRolesAmong, requireCovered, requireWithinBounds } from '../access/roles.ts'
import { requireStepUp } from '../access/step-up.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { conflict } from '../refusals.ts'

export interface SetAcceptance {
  readonly allowed: boolean
  readonly revision: number
}

export interface SetKeyAcceptanceInput {
  readonly organization: string
  /** A key's id. */
  readonly key: string
  /** The slug of the other organization; left out for all. It need not exist, so that the answer reveals nothing about it. */
  readonly partner?: string | undefined
  readonly allowed: boolean
}

/**
 * Forbids or allows that another organization, or any, accepts a key. Where it is forbidden, the key stops working at
 * once. Its roles there remain, and work again when it is allowed again.
 *
 * @throws Problem `not_found`, also for a text that is no slug; `permission_missing`, to allow it also if the key has more
 *   than the actor; `step_up_required`, to forbid it; `conflict` if the key has `ACCEPTANCE_RULES_PER_KEY_MAX` rules
 */
export async function setKeyAcceptance(
  context: OperationContext,
  { organization, key: id, partner, allowed }: SetKeyAcceptanceInput,
): Promise<SetAcceptance> {
  const { revision } = await context.store.write(async (tx) => {
    const key = await permittedKey(context, tx.keys, organization, id, 'keys.write')
    if (partner !== undefined && !parseSlug(partner).ok) throw notFound(`organization "${partner}"`)
    if (allowed) await requireGivable(context, tx, key)
    else requireStepUp(context)
    await set(context, tx, { organization, keyId: key.id, partner: partner ?? null }, allowed)
  })
  return { allowed, revision }
}

export interface SetOrganizationAcceptanceInput {
  readonly organization: string
  readonly allowed: boolean
}

/**
 * Forbids or allows that other organizations accept the keys of this one.
 *
 * @throws Problem `not_found`; `permission_missing`, to allow it also if a key that works again has more than the actor;
 *   `step_up_required`, to forbid it
 */
export async function setOrganizationAcceptance(
  context: OperationContext,
  { organization, allowed }: SetOrganizationAcceptanceInput,
): Promise<SetAcceptance> {
  const { revision } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'keys.write')
    if (allowed) requireWithinBounds(context, 'keys.write', NO_BOUNDS)
    else requireStepUp(context)
    const decided = await set(context, tx, { organization, keyId: null, partner: null }, allowed)
    if (allowed) await requireAllGivable(context, tx, decided)
  })
  return { allowed, revision }
}

/** @returns the external keys that are allowed, or forbidden, since */
async function set(
  context: OperationContext,
  tx: Writer,
  scope: AcceptanceScope,
  allowed: boolean,
): Promise<readonly DecidedExternalKey[]> {
  const { organization, keyId, partner } = scope
  const isAllowed = (await tx.acceptances.get(scope)) === undefined
  if (isAllowed === allowed) return []
  if (!allowed && keyId !== null && partner !== null) await requireRoom(tx, organization, keyId)
  const decided = allowed
    ? await tx.acceptances.allow(scope)
    : await tx.acceptances.refuse({
        ...scope,
        createdAtMs: context.nowMs(),
        createdBy: context.actor.id,
      })
  const states = { before: { partner, allowed: isAllowed }, after: { partner, allowed } }
  const target = keyId === null ? `organization/${organization}` : `key/${keyId}`
  tx.audit(auditEntry(context, organization, 'acceptances.set', target, states))
  for (const { organization: partnerSlug, id } of decided) {
    // It names the organization that decided, and not who did it there.
    tx.audit({
      ...auditEntry(
        context,
        partnerSlug,
        allowed ? 'external-keys.allow' : 'external-keys.forbid',
        `external-key/${id}`,
        {
          before: { allowed: isAllowed },
          after: { allowed },
        },
      ),
      actor: `organization/${organization}`,
    })
  }
  return decided
}

/** Of all keys at a time, those are given that work again elsewhere. A deleted key never does. */
async function requireAllGivable(
  context: OperationContext,
  tx: Writer,
  decided: readonly DecidedExternalKey[],
): Promise<void> {
  for (const id of new Set(decided.map(({ keyId }) => keyId))) {
    const key = await tx.keys.find(id)
    if (key?.deletedAtMs === null) await requireGivable(context, tx, key)
  }
}

/** To allow a key elsewhere is to revive it there: the actor must be able to give it. */
async function requireGivable(context: OperationContext, tx: Writer, key: KeyRow): Promise<void> {
  requireCovered(context, key, await customRolesAmong(tx.roles, key))
  requireWithinBounds(context, 'keys.write', key)
}

async function requireRoom({ acceptances }: Writer, organization: string, key: KeyId): Promise<void> {
  const refusals = await acceptances.refusalsOf(organization, key)
  if (refusals.filter(({ partner }) => partner !== null).length < ACCEPTANCE_RULES_PER_KEY_MAX) return
  throw conflict(
    `A key has at most ${ACCEPTANCE_RULES_PER_KEY_MAX} organizations that may not accept it. Forbid all of them, or allow one first.`,
  )
}
