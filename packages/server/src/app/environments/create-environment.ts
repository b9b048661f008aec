import {
  ENVIRONMENTS_MAX,
  type EnvironmentPosition,
  type ResourceName,
  type WhenStale,
} from '@sallyport/core'
import type { EnvironmentRow } from '../../store/port/environments.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { conflict } from '../refusals.ts'
import { newSigningKey } from '../signing-keys/new-signing-key.ts'
import { allEnvironments, moveToPosition } from './environment-order.ts'
import { insertEnvironment } from './new-environment.ts'

export interface CreateEnvironmentInput {
  readonly organization: string
  readonly name: ResourceName
  /** The index in promotion order; by default, and beyond the end, the environment becomes the last one. */
  readonly position?: EnvironmentPosition | undefined
  /** Default: false. */
  readonly requiresPrevious?: boolean | undefined
  /** Default: `serve`. */
  readonly whenStale?: WhenStale | undefined
}

/**
 * Creates an environment with a policy that demands nothing and a signing key for its JWTs.
 *
 * @throws Problem `conflict` if the name is taken or the organization has `ENVIRONMENTS_MAX` environments
 */
export async function createEnvironment(
  context: OperationContext,
  { organization, name, position, requiresPrevious = false, whenStale = 'serve' }: CreateEnvironmentInput,
): Promise<EnvironmentRow> {
  // Checked twice: here, so that only a permitted actor can make us generate a key; and in the transaction, where the
  // result still holds at the commit.
  requirePermission(context, organization, 'organization.write')
  const signingKey = await newSigningKey(context)
  const { value } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'organization.write')
    const rows = await allEnvironments(tx.environments, organization)
    if (rows.some((row) => row.name === name)) {
      throw conflict(`An environment named "${name}" already exists. Choose another name.`)
    }
    if (rows.length >= ENVIRONMENTS_MAX) {
      throw conflict(`An organization has at most ${ENVIRONMENTS_MAX} environments. Remove an unused one.`)
    }
    const environment: EnvironmentRow = {
      organization,
      name,
      position: Math.min(position ?? rows.length, rows.length),
      requiresPrevious,
      whenStale,
      createdAtMs: context.nowMs(),
    }
    await insertEnvironment(tx, context, environment, signingKey)
    await moveToPosition(tx.environments, organization, name, environment.position)
    return environment
  })
  return value
}
