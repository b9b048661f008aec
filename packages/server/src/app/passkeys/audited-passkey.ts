import type { PasskeyRow } from '../../store/port/people/passkeys.ts'

/** A passkey in the audit log, without its credential and key. */
export function auditedPasskey({ id, name, backupEligible, createdAtMs }: PasskeyRow): object {
  return { id, name, synced: backupEligible, createdAtMs }
}
