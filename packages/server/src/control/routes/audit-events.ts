import { requirePermission } from '../../app/access/permission-checks.ts'
import { auditEvent } from '../../contract/audit-events.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf, pageQuery } from '../../contract/fields/paging.ts'
import type { AuditRow } from '../../store/port/audit-events.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { momentAnswer } from '../answers/timestamp.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented } from '../routing/route-schema.ts'

function eventAnswer({ organization: _organization, atMs, ...row }: AuditRow) {
  return { ...row, at: momentAnswer(atMs) }
}

export function auditEventRoutes(app: ControlApp, operations: Operations): void {
  app.get(
    '/v1/organizations/:org/audit-events',
    {
      schema: {
        ...documented('Audit', 'listAuditEvents', 'List what was done, oldest first'),
        params: pathParameters('org'),
        querystring: pageQuery,
        response: { 200: pageOf(auditEvent) },
      },
    },
    async (request) => {
      const context = operations.reading(request)
      requirePermission(context, request.params.org, 'audit.read')
      return pageAnswer(await context.store.read.audit.list(request.params.org, request.query), eventAnswer)
    },
  )
}
