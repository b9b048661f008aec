import type { AuditRow } from '../../store/port/audit-events.ts'
import { timestampAnswer } from './timestamp.ts'

/** An event of the audit log, in a list and in a line of an export. */
export function auditEventAnswer({ organization: _organization, atMs, ...row }: AuditRow) {
  const { sequence, actor, action, target, before, after, previousHash, hash } = row
  return { sequence, at: timestampAnswer(atMs), actor, action, target, before, after, previousHash, hash }
}
