import type { EnvironmentRow } from '../../store/port/environments.ts'
import { requirePermission } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { allEnvironments, ENVIRONMENTS_MAX, placeEnvironment, positionProblem } from './environment-order.ts'
import { insertEnvironment } from '../organizations/new-organization.ts'
import { freshSigningKey } from '../signing-keys/fresh-signing-key.ts'
import { nameErrors } from '../names.ts'
import { conflict, requireNone } from '../refusals.ts'

export interface CreateEnvironmentInput {
  readonly organization: string
  readonly name: string
  /** Its place in the order of promotion; the last one unless said. */
  readonly position?: number | undefined
}

/**
 * Makes an environment whose policy demands nothing yet, with a key that signs its JWTs.
 *
 * @throws Problem `conflict` when the name is taken or there are too many
 */
export async function createEnvironment(
  context: OperationContext,
  { organization, name, position }: CreateEnvironmentInput,
): Promise<EnvironmentRow> {
  requirePermission(context, organization, 'organization.write')
  const problem = position === undefined ? undefined : positionProblem(position)
  requireNone([
    ...nameErrors('/name', name),
    ...(problem === undefined ? [] : [{ path: '/position', message: problem }]),
  ])
  const signingKey = await freshSigningKey(context)
  const { value } = await context.store.write(async (tx) => {
    const rows = await allEnvironments(tx.environments, organization)
    if (rows.some((row) => row.name === name)) throw conflict(`There is an environment "${name}" already.`)
    if (rows.length >= ENVIRONMENTS_MAX) {
      throw conflict(`An organization has at most ${ENVIRONMENTS_MAX} environments.`)
    }
    const environment: EnvironmentRow = {
      organization,
      name,
      position: Math.min(position ?? rows.length, rows.length),
      createdAtMs: context.nowMs(),
    }
    await insertEnvironment(tx, context, environment, signingKey)
    await placeEnvironment(tx.environments, organization, name, environment.position)
    return environment
  })
  return value
}
