import type { HandOverRow, HandOverState } from '../../store/port/keys/hand-overs.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { visibleScopes } from '../access/permission-checks.ts'

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

/** The state of a hand-over at a time. One that has just expired may not be recorded yet. */
export function handOverState({ state, expiresAtMs }: HandOverRow, nowMs: number): HandOverState {
  return state === 'pending' && nowMs >= expiresAtMs ? 'expired' : state
}
