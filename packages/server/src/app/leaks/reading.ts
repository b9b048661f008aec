import type { LeakRow } from '../../store/port/keys/leaks.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { visibleScopes } from '../access/permission-checks.ts'

export interface ListLeaksInput extends PageRequest {
  readonly organization: string
}

/** Lists where secrets of the keys that the actor may read were found, oldest first. */
export async function listLeaks(
  context: OperationContext,
  { organization, ...page }: ListLeaksInput,
): Promise<Page<LeakRow>> {
  const visible = visibleScopes(context, organization, 'keys.read', ['environment'])
  return await context.store.read.leaks.list(organization, { ...page, visible })
}
