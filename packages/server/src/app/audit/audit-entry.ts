import type { AuditEntry } from '../../store/port/audit-events.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { OperationContext } from '../access/context.ts'

/**
 * The audit record of one change.
 *
 * @param action such as `keys.create`
 * @param target such as `key/key_4fT0Qm2ZrX9bLk7A`
 * @param states the target before and after the change, without secrets; left out if it did not or does not exist
 */
export function auditEntry(
  context: OperationContext,
  organization: string,
  action: string,
  target: string,
  states: { readonly before?: unknown; readonly after?: unknown },
): AuditEntry {
  return {
    organization,
    atMs: context.nowMs(),
    actor: context.actor.id,
    action,
    target,
    before: states.before ?? null,
    after: states.after ?? null,
  }
}

/** A key as the audit log shows it: everything but its secrets, of which only the numbers are told. */
export function auditedKey(key: KeyRow): Record<string, unknown> {
  const { publicTokens: _tokens, secrets, ...facts } = key
  return { ...facts, secrets: secrets.map((secret) => secret.sequence) }
}
