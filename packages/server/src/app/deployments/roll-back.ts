import type { DeploymentReader, DeploymentRow } from '../../store/port/deployments.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedDeployment } from '../access/permitted-deployment.ts'
import { newSigningKey } from '../signing-keys/new-signing-key.ts'
import { requireExistingPipeline } from './existing-pipeline.ts'
import { goLive, type Deployed } from './go-live.ts'
import { conflict } from '../refusals.ts'

/** The most consecutive deployments of the same version that the search for an earlier version skips. */
const SAME_VERSION_MAX = 100

export interface RollBackInput {
  readonly organization: string
  /** The id of a live deployment. */
  readonly deployment: string
  readonly dryRun: boolean
}

/**
 * Deploys the version that was live before this one, as a new deployment; a rollback can be rolled back too.
 *
 * @throws Problem `conflict` if there was no other version, for an ended deployment, and if the pipeline was
 *   removed; everything that `deploy` throws
 */
export async function rollBack(context: OperationContext, input: RollBackInput): Promise<Deployed> {
  const { organization, deployment: id, dryRun } = input
  const signingKey = await newSigningKey(context)
  const { value } = await context.store.write(async (tx) => {
    const row = await permittedDeployment(context, tx.deployments, organization, id, 'pipelines.deploy')
    requireExistingPipeline(row)
    if (row.endedAtMs !== null) {
      throw conflict('The deployment has ended, so it cannot be rolled back. Redeploy it instead.')
    }
    const before = await versionBefore(tx.deployments, row)
    if (before === undefined)
      throw conflict(
        'This deployment replaced no other version, so there is nothing to roll back to. Deploy a version instead.',
      )
    const { project } = row
    return await goLive(context, tx, {
      ...before,
      project,
      dryRun,
      signingKey,
      origin: 'rollback',
      from: { deployment: before.id, environment: before.environment },
    })
  })
  return value
}

/** The last deployment before this one, of the same pipeline, major and environment, that had another version. */
async function versionBefore(
  deployments: DeploymentReader,
  row: DeploymentRow,
): Promise<DeploymentRow | undefined> {
  let before = await deployments.previous(row)
  for (let skipped = 0; before?.minor === row.minor && skipped < SAME_VERSION_MAX; skipped += 1) {
    before = await deployments.previous(before)
  }
  return before?.minor === row.minor ? undefined : before
}
