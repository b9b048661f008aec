import type { KeyRow } from '../../store/port/keys.ts'
import type { OperationContext } from '../access/context.ts'
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
