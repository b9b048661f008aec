import { isKeyId, type Permission, type Target } from '@sallyport/core'
import type { KeyReader, KeyRow } from '../../store/port/keys.ts'
import type { OperationContext } from './context.ts'
import { permittedResource } from './permission-checks.ts'

/** The permission target of a key: its environment, or the whole organization. */
export function keyTarget(key: { readonly environment: string | null }): Target {
  return key.environment === null ? {} : { environment: key.environment }
}

/**
 * The key with this id, if the actor has the permission on it.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedKey(
  context: OperationContext,
  keys: KeyReader,
  organization: string,
  id: string,
  permission: Permission,
): Promise<KeyRow> {
  return await permittedResource(
    context,
    permission,
    { organization, name: `key "${id}"`, read: ['keys.read'], targetOf: keyTarget },
    async () => (isKeyId(id) ? await keys.get(organization, id) : undefined),
  )
}
