import type { AuditRow } from '../port/audit-events.ts'

/** The action of the event that each export is. */
export const EXPORT_ACTION = 'audit.export'
/** What such an event says of an export without a filter, in `after`. */
const WHOLE_MEMBERS = 'export format'

/** Whether an event is an export of the whole log in a form. A whole export ends with its own event. */
export function isWholeExport(
  { action, after }: Pick<AuditRow, 'action' | 'after'>,
  mediaType: string,
): boolean {
  if (action !== EXPORT_ACTION || typeof after !== 'object' || after === null) return false
  return (
    Object.keys(after).toSorted().join(' ') === WHOLE_MEMBERS &&
    'format' in after &&
    after.format === mediaType
  )
}
