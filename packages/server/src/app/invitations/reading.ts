import type { InvitationRow } from '../../store/port/people/invitations.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'

export interface ListInvitationsInput extends PageRequest {
  readonly organization: string
}

/** Lists the invitations that were neither accepted nor withdrawn, oldest first. */
export async function listInvitations(
  context: OperationContext,
  { organization, ...page }: ListInvitationsInput,
): Promise<Page<InvitationRow>> {
  requirePermission(context, organization, 'members.read')
  return await context.store.read.invitations.list(organization, page)
}

/** An invitation in the audit log. */
export function auditedInvitation({ id, email, roles, expiresAtMs }: InvitationRow): Record<string, unknown> {
  return { id, email, roles, expiresAtMs }
}
