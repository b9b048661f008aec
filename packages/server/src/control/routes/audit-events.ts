import { listAuditEvents } from '../../app/audit/reading.ts'
import { auditEvent, auditFilter } from '../../contract/audit-events.ts'
import type { AuditRow } from '../../store/port/audit-events.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'

function eventAnswer({ organization: _organization, atMs, ...row }: AuditRow) {
  return { ...row, at: timestampAnswer(atMs) }
}

export function auditEventRoutes(api: ControlApi): void {
  resourceRoutes(api, 'Audit').list(
    {
      path: '/v1/organizations/:organization/audit-events',
      operationId: 'listAuditEvents',
      summary: 'List the audit log, newest first',
      query: auditFilter,
      item: auditEvent,
    },
    listAuditEvents,
    eventAnswer,
  )
}
