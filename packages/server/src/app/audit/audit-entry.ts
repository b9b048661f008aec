import type { AuditAction } from '../../store/port/audit/audit-actions.ts'
import type { AuditEntry } from '../../store/port/audit-events.ts'
import type { BasicCredentialRow } from '../../store/port/basic-credentials.ts'
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
  context: Pick<OperationContext, 'actor' | 'nowMs'>,
  organization: string,
  action: AuditAction,
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

/**
 * A key in the audit log: everything except its tokens and secrets, of which only the sequence numbers remain, and the
 * policy about its age, which is no fact of the key.
 */
export function auditedKey(key: KeyRow): Record<string, unknown> {
  const { publicTokens: _tokens, age: _age, secrets, ...facts } = key
  return { ...facts, secrets: secrets.map((secret) => secret.sequence) }
}

/** A Basic credential in the audit log, without the hash of its password. */
export function auditedBasicCredential(row: BasicCredentialRow): Record<string, unknown> {
  const { passwordHash: _hash, ...facts } = row
  return facts
}
