import type { AuditRow } from '../../store/port/audit-events.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'

export interface ListAuditEventsInput extends PageRequest {
  readonly organization: string
}

/** Lists the audit log of an organization, oldest first. */
export async function listAuditEvents(
  context: OperationContext,
  input: ListAuditEventsInput,
): Promise<Page<AuditRow>> {
  requirePermission(context, input.organization, 'audit.read')
  return await context.store.read.audit.list(input.organization, input)
}
