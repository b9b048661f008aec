import type { DeploymentReader, DeploymentRow } from '../../store/port/deployments.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedDeployment } from '../access/permitted-deployment.ts'
import { freshSigningKey } from '../signing-keys/fresh-signing-key.ts'
import { goLive, type Deployed } from './go-live.ts'
import { conflict } from '../refusals.ts'

/** How many deployments of one and the same version are passed over to find the version before it. */
const SAME_VERSION_MAX = 100

export interface RollBackInput {
  readonly organization: string
  /** The id of a live deployment. */
  readonly deployment: string
  readonly dryRun: boolean
}

/**
 * Puts the version live again that was live before this one in its place, as a deployment of its own: a rollback can
 * be rolled back too.
 *
 * @throws Problem `conflict` where there was no other version, or for a deployment that has ended; what `deploy` throws
 */
export async function rollBack(context: OperationContext, input: RollBackInput): Promise<Deployed> {
  const { organization, deployment: id, dryRun } = input
  const signingKey = await freshSigningKey(context)
  const { value } = await context.store.write(async (tx) => {
    const row = await permittedDeployment(context, tx.deployments, organization, id, 'pipelines.deploy')
    if (row.endedAtMs !== null) {
      throw conflict('The deployment has ended, so there is nothing to roll back. Redeploy it instead.')
    }
    const before = await versionBefore(tx.deployments, row)
    if (before === undefined) throw conflict('No other version was live in this place before.')
    const { project } = row
    return await goLive(context, tx, {
      ...before,
      project,
      dryRun,
      signingKey,
      action: 'pipelines.rollback',
      from: before.id,
    })
  })
  return value
}

/** The last deployment before this one in its place that had another version. */
async function versionBefore(
  deployments: DeploymentReader,
  row: DeploymentRow,
): Promise<DeploymentRow | undefined> {
  let before = await deployments.previous(row)
  for (let passed = 0; before?.minor === row.minor && passed < SAME_VERSION_MAX; passed += 1) {
    before = await deployments.previous(before)
  }
  return before?.minor === row.minor ? undefined : before
}
