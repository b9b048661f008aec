import type { Permission } from '@sallyport/core'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { PortalSessionReader, PortalSessionRow } from '../../store/port/portal/portal-sessions.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedResource, visibleScopes } from '../access/permission-checks.ts'

export interface ListPortalSessionsInput extends PageRequest {
  readonly organization: string
}

/** Lists the portal sessions of the consumers that the actor may read, oldest first. */
export async function listPortalSessions(
  context: OperationContext,
  { organization, ...page }: ListPortalSessionsInput,
): Promise<Page<PortalSessionRow>> {
  const visible = visibleScopes(context, organization, 'consumers.read', ['environment'])
  return await context.store.read.portalSessions.list(organization, { ...page, visible })
}

export interface PortalSessionName {
  readonly organization: string
  /** A portal session's id. */
  readonly portalSession: string
}

/** Returns one portal session. @throws Problem `not_found`, `permission_missing` */
export async function getPortalSession(
  context: OperationContext,
  input: PortalSessionName,
): Promise<PortalSessionRow> {
  return await permittedPortalSession(context, context.store.read.portalSessions, input, 'consumers.read')
}

/** The portal session with this id, if the actor has the permission there. @throws Problem `not_found`, `permission_missing` */
export async function permittedPortalSession(
  context: OperationContext,
  sessions: Pick<PortalSessionReader, 'get'>,
  { organization, portalSession: id }: PortalSessionName,
  permission: Permission,
): Promise<PortalSessionRow> {
  return await permittedResource(
    context,
    permission,
    {
      organization,
      name: `portal session "${id}"`,
      read: ['consumers.read'],
      targetOf: ({ environment }) => ({ environment }),
    },
    async () => await sessions.get(organization, id),
  )
}

/** The state of a portal session at a time. */
export function portalState(
  { state, expiresAtMs }: Pick<PortalSessionRow, 'state' | 'expiresAtMs'>,
  nowMs: number,
): PortalSessionRow['state'] | 'expired' {
  return state !== 'ended' && nowMs >= expiresAtMs ? 'expired' : state
}
