import type { EnvironmentRow } from '../../store/port/environments.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { placeEnvironment, positionProblem } from './environment-order.ts'
import { requireNone } from '../refusals.ts'

export interface MoveEnvironmentInput {
  readonly organization: string
  readonly environment: string
  /** Past the last place means the last place. */
  readonly position: number
}
export interface MovedEnvironment {
  readonly environment: EnvironmentRow
  readonly revision: number
}

/** Gives an environment another place in the order of promotion; the others close up. */
export async function moveEnvironment(
  context: OperationContext,
  { organization, environment, position }: MoveEnvironmentInput,
): Promise<MovedEnvironment> {
  const problem = positionProblem(position)
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedEnvironment(
      context,
      tx.environments,
      organization,
      environment,
      'organization.write',
    )
    requireNone(problem === undefined ? [] : [{ path: '/position', message: problem }])
    await placeEnvironment(tx.environments, organization, environment, position)
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
