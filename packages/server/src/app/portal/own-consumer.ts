import { isKeyId, Problem, type PortalScope } from '@sallyport/core'
import type { OperationContext } from '../access/context.ts'
import type { PortalPlace } from '../access/actor.ts'
import { isPermitted, notFound } from '../access/permission-checks.ts'
import type { FindKey } from '../access/permitted-key.ts'

/**
 * The consumer of the portal session that acts, if the session allows this.
 *
 * @throws Problem `permission_missing` naming the scope, `unauthenticated` for an actor that is no portal session
 */
export function requireScope(context: Pick<OperationContext, 'actor'>, scope: PortalScope): PortalPlace {
  const { portal } = context.actor
  if (portal === undefined) throw new Problem('unauthenticated')
  const { organization, environment } = portal
  if (isPermitted(context, organization, scope, { environment })) return portal
  throw new Problem('permission_missing', {
    detail: `This portal session does not allow ${scope}. Ask the people who sent you the link for one that does.`,
    extensions: { permission: scope },
  })
}

/**
 * Finds keys of the portal session's own consumer. The key of another consumer looks like one that does not exist.
 *
 * @param scope that the session must allow
 */
export function findInPortal(scope: PortalScope): FindKey {
  return async (context, keys, _organization, id) => {
    const { organization, consumer } = requireScope(context, scope)
    const key = isKeyId(id) ? await keys.get(organization, id) : undefined
    if (key === undefined || key.consumer !== consumer) throw notFound(`key "${id}"`)
    return key
  }
}
