import type { Permission, Target } from '@sallyport/core'
import { isKeyId } from '@sallyport/core'
import type { KeyReader, KeyRow } from '../../store/port/keys.ts'
import { notFound, requireMembership, requireOn } from './permission-checks.ts'
import type { OperationContext } from './context.ts'

/** The target of a permission on a key: its environment, or the whole organization. */
export function keyTarget(key: { readonly environment: string | null }): Target {
  return key.environment === null ? {} : { environment: key.environment }
}

/**
 * Returns the key if the actor has the permission on it.
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
  requireMembership(context, organization)
  const thing = `key "${id}"`
  const row = isKeyId(id) ? await keys.get(organization, id) : undefined
  if (row === undefined) throw notFound(thing)
  requireOn(context, permission, { thing, read: 'keys.read', target: keyTarget(row) })
  return row
}
