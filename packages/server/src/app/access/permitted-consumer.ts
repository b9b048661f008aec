import type { Permission } from '@sallyport/core'
import type { ConsumerReader, ConsumerRow } from '../../store/port/consumers.ts'
import { notFound, requireMembership, requireOn } from './permission-checks.ts'
import type { OperationContext } from './context.ts'

/**
 * Returns the consumer if the actor has the permission on it.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedConsumer(
  context: OperationContext,
  consumers: ConsumerReader,
  organization: string,
  id: string,
  permission: Permission,
): Promise<ConsumerRow> {
  requireMembership(context, organization)
  const thing = `consumer "${id}"`
  const row = await consumers.get(organization, id)
  if (row === undefined) throw notFound(thing)
  requireOn(context, permission, {
    thing,
    read: 'consumers.read',
    target: { environment: row.environment },
  })
  return row
}
