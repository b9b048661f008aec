import type { KeyRow } from '../../store/port/keys.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { visibleScopes } from '../access/permission-checks.ts'
import { permittedKey } from '../access/permitted-key.ts'

export interface GetKeyInput {
  readonly organization: string
  /** A key's id. */
  readonly key: string
}

/** Returns one key; a deleted key remains as a tombstone. */
export async function getKey(context: OperationContext, { organization, key }: GetKeyInput): Promise<KeyRow> {
  return await permittedKey(context, context.store.read.keys, organization, key, 'keys.read')
}

export interface ListKeysInput extends PageRequest {
  readonly organization: string
  readonly environment?: string | undefined
  /** A consumer's id. */
  readonly consumer?: string | undefined
  readonly includeDeleted?: boolean | undefined
}

/** Lists the keys that the actor may read. */
export async function listKeys(context: OperationContext, input: ListKeysInput): Promise<Page<KeyRow>> {
  const { organization, environment, consumer, includeDeleted } = input
  const visible = visibleScopes(context, organization, 'keys.read', ['environment'])
  return await context.store.read.keys.list(
    organization,
    { ...input, visible },
    { filter: { environment, consumer, includeDeleted } },
  )
}
