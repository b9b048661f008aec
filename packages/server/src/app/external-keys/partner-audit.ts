import type { AuditEntry } from '../../store/port/audit-events.ts'
import type { ExternalKeyRow } from '../../store/port/external-keys.ts'
import type { OperationContext } from '../access/context.ts'

/** What the owner of a key learns about its acceptance. */
interface Acceptance {
  readonly partner: string
  readonly active: boolean
}

function acceptance({ organization, active }: ExternalKeyRow): Acceptance {
  return { partner: organization, active }
}

/**
 * The record of a change of an external key in the audit log of the key's owner. It names the organization that made the
 * change, and neither who did it there nor the roles.
 *
 * @param states the external key before and after the change; left out if it did not or does not exist
 */
export function partnerAuditEntry(
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  action: 'acceptances.add' | 'acceptances.update' | 'acceptances.remove',
  { owner, keyId, organization }: ExternalKeyRow,
  states: { readonly before?: ExternalKeyRow; readonly after?: ExternalKeyRow },
): AuditEntry {
  return {
    organization: owner,
    atMs: nowMs(),
    actor: `organization/${organization}`,
    action,
    target: `key/${keyId}`,
    before: states.before === undefined ? null : acceptance(states.before),
    after: states.after === undefined ? null : acceptance(states.after),
  }
}
