import type { Permission } from '@sallyport/core'
import type { ConsumerReader, ConsumerRow } from '../../store/port/consumers.ts'
import type { OperationContext } from './context.ts'
import { permittedResource } from './permission-checks.ts'

/**
 * The consumer with this id, if the actor has the permission on it.
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
  return await permittedResource(
    context,
    permission,
    {
      organization,
      name: `consumer "${id}"`,
      read: ['consumers.read'],
      targetOf: ({ environment }) => ({ environment }),
    },
    async () => await consumers.get(organization, id),
  )
}
