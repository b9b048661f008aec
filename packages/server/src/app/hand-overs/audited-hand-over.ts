import type { HandOverRow } from '../../store/port/keys/hand-overs.ts'

/** A hand-over in the audit log: everything except what opens it. */
export function auditedHandOver(row: HandOverRow): Record<string, unknown> {
  const { proofDigest: _digest, sealed: _sealed, ...facts } = row
  return facts
}
