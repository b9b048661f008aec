import type { AuditEntry } from '../../store/port/audit-events.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { AnonymousContext, OperationContext } from '../access/context.ts'

/** Who acts while Sallyport is being set up: nobody has a key yet. */
const SETUP_ACTOR = 'setup'

/** The id under which an act is recorded. */
export function actorId(context: OperationContext | AnonymousContext): string {
  return 'actor' in context ? context.actor.id : SETUP_ACTOR
}

/**
 * The audit record of one act.
 *
 * @param action such as `keys.create`
 * @param target such as `key/key_4fT0Qm2ZrX9bLk7A`
 * @param states what the target was and what it is now, null where it was not or is no longer; with no secret in it
 */
export function auditEntry(
  context: OperationContext | AnonymousContext,
  organization: string,
  action: string,
  target: string,
  states: { readonly before?: unknown; readonly after?: unknown },
): AuditEntry {
  return {
    organization,
    atMs: context.nowMs(),
    actor: actorId(context),
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
