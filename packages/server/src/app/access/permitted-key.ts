import { isKeyId, type Permission, Problem, type Target } from '@sallyport/core'
import type { KeyReader, KeyRow } from '../../store/port/keys.ts'
import type { OperationContext } from './context.ts'
import { isPermitted, permissionMissing, permittedResource } from './permission-checks.ts'

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

/** Finds a key with this id, if the actor may do what it is found for. @throws Problem `not_found`, `permission_missing` */
export type FindKey = (
  context: OperationContext,
  keys: KeyReader,
  organization: string,
  id: string,
) => Promise<KeyRow>

/** Finds keys that the actor has a permission on. */
export function findPermitted(permission: Permission): FindKey {
  return async (context, keys, organization, id) =>
    await permittedKey(context, keys, organization, id, permission)
}

/** Finds the key that acts, if it may roll and delete itself. It knows about itself, so it is told what it lacks. */
export const findOwn: FindKey = async (context, keys, organization, id) => {
  const key = isKeyId(id) && id === context.actor.id ? await keys.get(organization, id) : undefined
  if (key === undefined) throw new Problem('unauthenticated')
  const target = keyTarget(key)
  if (isPermitted(context, organization, 'keys.roll-self', target)) return key
  throw permissionMissing(context, 'keys.roll-self', organization, target)
}
