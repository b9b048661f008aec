import type { HandOverReader, HandOverRow, HandOverState } from '../../store/port/keys/hand-overs.ts'
import type { Permission } from '@sallyport/core'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedResource, visibleScopes } from '../access/permission-checks.ts'
import { keyTarget } from '../access/permitted-key.ts'

export interface ListHandOversInput extends PageRequest {
  readonly organization: string
}

/** Lists the hand-overs of the keys that the actor may read, oldest first: those pending, and the newest that have ended. */
export async function listHandOvers(
  context: OperationContext,
  { organization, ...page }: ListHandOversInput,
): Promise<Page<HandOverRow>> {
  const visible = visibleScopes(context, organization, 'keys.read', ['environment'])
  return await context.store.read.handOvers.list(organization, { ...page, visible })
}

export interface HandOverName {
  readonly organization: string
  /** A hand-over's id. */
  readonly handOver: string
}

/** Returns one hand-over. @throws Problem `not_found`, `permission_missing` */
export async function getHandOver(context: OperationContext, input: HandOverName): Promise<HandOverRow> {
  return await permittedHandOver(context, context.store.read.handOvers, input, 'keys.read')
}

/** The hand-over with this id, if the actor has the permission on its key. @throws Problem `not_found`, `permission_missing` */
export async function permittedHandOver(
  context: OperationContext,
  handOvers: Pick<HandOverReader, 'get'>,
  { organization, handOver: id }: HandOverName,
  permission: Permission,
): Promise<HandOverRow> {
  return await permittedResource(
    context,
    permission,
    { organization, name: `hand-over "${id}"`, read: ['keys.read'], targetOf: keyTarget },
    async () => await handOvers.get(organization, id),
  )
}

/** The state of a hand-over at a time. One that has just expired may not be recorded yet. */
export function handOverState({ state, expiresAtMs }: HandOverRow, nowMs: number): HandOverState {
  return state === 'pending' && nowMs >= expiresAtMs ? 'expired' : state
}
