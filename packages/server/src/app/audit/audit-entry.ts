import type { AuditEntry } from '../../store/port/audit-events.ts'
import type { BasicCredentialRow } from '../../store/port/basic-credentials.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { AnonymousContext, OperationContext } from '../access/context.ts'

/** The actor of the set-up, when no key exists yet. */
const SETUP_ACTOR = 'setup'

/** The actor id that the audit log records. */
export function actorId(context: OperationContext | AnonymousContext): string {
  return 'actor' in context ? context.actor.id : SETUP_ACTOR
}

/**
 * The audit record of one action.
 *
 * @param action such as `keys.create`
 * @param target such as `key/key_4fT0Qm2ZrX9bLk7A`
 * @param states the target before and after the action, null if it did not exist; without secrets
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

/** A key in the audit log: everything except its tokens and secrets, of which only the sequence numbers remain. */
export function auditedKey(key: KeyRow): Record<string, unknown> {
  const { publicTokens: _tokens, secrets, ...facts } = key
  return { ...facts, secrets: secrets.map((secret) => secret.sequence) }
}

/** A Basic credential in the audit log, without the hash of its password. */
export function auditedBasicCredential(row: BasicCredentialRow): Record<string, unknown> {
  const { passwordHash: _hash, ...facts } = row
  return facts
}
