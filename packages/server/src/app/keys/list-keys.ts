import type { KeyRow } from '../../store/port/keys.ts'
import type { Page, PageRequest } from '../../store/port/paging.ts'
import { requireSomewhere, visiblePage } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { keyTarget } from '../access/permitted-key.ts'
import { requestedPage } from '../paging.ts'

export interface ListKeysInput extends PageRequest {
  readonly organization: string
  readonly environment?: string | undefined
  /** A consumer's id. */
  readonly consumer?: string | undefined
  readonly includeDeleted?: boolean | undefined
}

/** The keys that the actor may know of. */
export async function listKeys(context: OperationContext, input: ListKeysInput): Promise<Page<KeyRow>> {
  const { organization, environment, consumer, includeDeleted } = input
  requireSomewhere(context, organization, 'keys.read', ['environment'])
  const page = await context.store.read.keys.list(organization, requestedPage(input), {
    ...(environment === undefined ? {} : { environment }),
    ...(consumer === undefined ? {} : { consumer }),
    ...(includeDeleted === undefined ? {} : { includeDeleted }),
  })
  return visiblePage(context, 'keys.read', page, keyTarget)
}
