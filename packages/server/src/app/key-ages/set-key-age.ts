import { KEY_AGE, type KeyAge, type LifetimeDays } from '@sallyport/core'
import type { AffectedKeys, KeyAgeRow } from '../../store/port/keys/key-ages.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { requireOwnerWithin } from '../access/last-owner.ts'
import { isPermitted } from '../access/permission-checks.ts'
import { keyTarget } from '../access/permitted-key.ts'
import { currentKeyAge, type KeyAgeScope, permittedScope, type ShownKeyAge } from './reading.ts'

/** How many affected keys an answer lists. */
const AFFECTED_KEYS_MAX = 100

export interface SetKeyAgeInput extends KeyAgeScope {
  readonly rotationReminderDays: KeyAge['rotationReminderDays']
  readonly maxLifetimeDays: LifetimeDays | null
  readonly dryRun: boolean
}

export interface SavedKeyAge {
  readonly policy: ShownKeyAge
  /** The keys that work now and that the maximum ends earlier than before, as far as the actor may read keys. */
  readonly affected: AffectedKeys
  readonly revision: number
}

/**
 * Sets the policy about the age of the keys of an environment, or of the keys without an environment, as its next
 * version. Gateways follow a new maximum at once. A dry run returns the affected keys and stores nothing.
 *
 * @throws Problem `not_found`, `permission_missing`; `conflict` if no owner of the organization would be left
 */
export async function setKeyAge(context: OperationContext, input: SetKeyAgeInput): Promise<SavedKeyAge> {
  const { organization, environment, rotationReminderDays, maxLifetimeDays, dryRun } = input
  const { value, revision } = await context.store.write(async (tx) => {
    await permittedScope(context, tx.environments, input, 'policies.write')
    const before = await currentKeyAge(tx.keyAges, input)
    const atMs = context.nowMs()
    const change = {
      organization,
      environment,
      before: before.maxLifetimeDays,
      after: maxLifetimeDays,
      atMs,
    }
    const affected = await tx.keyAges.affected(change, AFFECTED_KEYS_MAX)
    const shown = {
      // Names of keys are only for actors that may read them; the number says nothing about any one of them.
      first: isPermitted(context, organization, 'keys.read', keyTarget({ environment }))
        ? affected.first
        : [],
      total: affected.total,
      isTotalExact: affected.isTotalExact,
    }
    const policy: KeyAgeRow = {
      organization,
      environment,
      rotationReminderDays,
      maxLifetimeDays,
      version: before.version + 1,
      updatedAtMs: atMs,
      updatedBy: context.actor.id,
    }
    if (dryRun) {
      const { version, updatedAtMs, updatedBy } = before
      return { policy: { ...policy, version, updatedAtMs, updatedBy }, affected: shown }
    }
    await tx.keyAges.put(policy)
    if (environment === null) await requireOwnerWithin(context, tx, organization)
    tx.audit(
      auditEntry(context, organization, 'policies.save-key-age', keyAgeTarget(environment), {
        before: auditedKeyAge(before),
        after: auditedKeyAge(policy),
      }),
    )
    return { policy, affected: shown }
  })
  return { ...value, revision }
}

function keyAgeTarget(environment: string | null): string {
  return environment === null ? `policy/${KEY_AGE}` : `policy/${environment}/${KEY_AGE}`
}

function auditedKeyAge({ environment, rotationReminderDays, maxLifetimeDays, version }: ShownKeyAge) {
  return { environment, rotationReminderDays, maxLifetimeDays, version }
}
