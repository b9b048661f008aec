import type { EnvironmentPosition } from '@sallyport/core'
import type { EnvironmentRow } from '../../store/port/environments.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { moveToPosition } from './environment-order.ts'

export interface MoveEnvironmentInput {
  readonly organization: string
  readonly environment: string
  /** The new index in promotion order; beyond the end, the environment becomes the last one. */
  readonly position: EnvironmentPosition
}
export interface MovedEnvironment {
  readonly environment: EnvironmentRow
  readonly revision: number
}

/** Moves an environment in promotion order; the others are renumbered. */
export async function moveEnvironment(
  context: OperationContext,
  { organization, environment, position }: MoveEnvironmentInput,
): Promise<MovedEnvironment> {
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedEnvironment(
      context,
      tx.environments,
      organization,
      environment,
      'organization.write',
    )
    await moveToPosition(tx.environments, organization, environment, position)
    const after = (await tx.environments.get(organization, environment)) ?? before
    tx.audit(
      auditEntry(context, organization, 'environments.move', `environment/${environment}`, {
        before: { position: before.position },
        after: { position: after.position },
      }),
    )
    return after
  })
  return { environment: value, revision }
}
