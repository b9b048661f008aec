import { isAuditAction } from '../../store/port/audit/audit-actions.ts'
import type { AuditFilter, AuditRow } from '../../store/port/audit-events.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { requireNone } from '../refusals.ts'

/** Which events of an organization. */
export interface AuditSearch extends Pick<AuditFilter, 'actor' | 'action' | 'target'> {
  readonly organization: string
  /** At this time or later, in ms since 1970. */
  readonly from?: number | undefined
  /** Before this time, in ms since 1970. */
  readonly to?: number | undefined
}

/**
 * The filter of a search.
 *
 * @throws Problem `invalid_request` when the period is empty, or the action unknown; `not_found` or `permission_missing` for an actor that may not
 *   read the audit log
 */
export function permittedFilter(
  context: Pick<OperationContext, 'actor'>,
  { organization, actor, action, target, from, to }: AuditSearch,
): AuditFilter {
  requirePermission(context, organization, 'audit.read')
  const isEmpty = from !== undefined && to !== undefined && from >= to
  const isUnknown = action !== undefined && !isAuditAction(action)
  requireNone([
    ...(isUnknown ? [{ path: 'query/action', message: `There is no action "${action}".` }] : []),
    ...(isEmpty ? [{ path: 'query/from', message: 'The period is empty. Use a `from` before `to`.' }] : []),
  ])
  return { actor, action, target, fromMs: from, toMs: to }
}

/** Lists the events of an organization, the newest first. */
export async function listAuditEvents(
  context: OperationContext,
  input: AuditSearch & PageRequest,
): Promise<Page<AuditRow>> {
  const filter = permittedFilter(context, input)
  return await context.store.read.audit.newest(input.organization, input, filter)
}
