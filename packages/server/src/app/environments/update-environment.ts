import type { EnvironmentPosition, WhenStale } from '@sallyport/core'
import type { EnvironmentRow } from '../../store/port/environments.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { moveToPosition } from './environment-order.ts'

export interface UpdateEnvironmentInput {
  readonly organization: string
  readonly environment: string
  /** The new index in promotion order; beyond the end, the environment becomes the last one. */
  readonly position?: EnvironmentPosition | undefined
  readonly requiresPrevious?: boolean | undefined
  readonly whenStale?: WhenStale | undefined
}
export interface UpdatedEnvironment {
  readonly environment: EnvironmentRow
  readonly revision: number
}

/**
 * Moves an environment in promotion order, where the others are renumbered, and changes whether versions must be live in
 * the environment before it, and what gateways do with its calls when they are stale. What is live stays live.
 */
export async function updateEnvironment(
  context: OperationContext,
  { organization, environment, position, requiresPrevious, whenStale }: UpdateEnvironmentInput,
): Promise<UpdatedEnvironment> {
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedEnvironment(
      context,
      tx.environments,
      organization,
      environment,
      'organization.write',
    )
    if (position !== undefined && position !== before.position) {
      // The order says what each environment requires, so that a move changes the rules of others too.
      requirePermission(context, organization, 'organization.write')
      await moveToPosition(tx.environments, organization, environment, position)
    }
    if (requiresPrevious !== undefined) {
      await tx.environments.setRequiresPrevious(organization, environment, requiresPrevious)
    }
    if (whenStale !== undefined) await tx.environments.setWhenStale(organization, environment, whenStale)
    const after = (await tx.environments.get(organization, environment)) ?? before
    tx.audit(
      auditEntry(context, organization, 'environments.update', `environment/${environment}`, {
        before: auditedEnvironment(before),
        after: auditedEnvironment(after),
      }),
    )
    return after
  })
  return { environment: value, revision }
}

function auditedEnvironment({
  position,
  requiresPrevious,
  whenStale,
}: EnvironmentRow): Record<string, unknown> {
  return { position, requiresPrevious, whenStale }
}
